/** Inputs of a capture: lines of text. */
package io.spectrawatch.ops.capture;
