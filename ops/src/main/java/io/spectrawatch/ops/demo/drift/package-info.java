/** The demo of drift in a language model. */
package io.spectrawatch.ops.demo.drift;
