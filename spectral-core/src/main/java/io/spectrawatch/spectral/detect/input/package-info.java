/** What a detector reads: activations of a sample by tap, and the model's head. */
package io.spectrawatch.spectral.detect.input;
