/** The demo of the whole pipeline, every sketch held against its rows. */
package io.spectrawatch.ops.demo.pipeline;
