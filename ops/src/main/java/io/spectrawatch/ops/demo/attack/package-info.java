/** The demo of attacks on a classifier. */
package io.spectrawatch.ops.demo.attack;
