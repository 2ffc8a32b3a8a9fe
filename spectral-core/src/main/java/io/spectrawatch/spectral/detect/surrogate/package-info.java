/**
 * Independent models of a tap that stand in for the watched one, fitted to its answers: what they
 * would have answered, in fp32 and in groups of rows, so that asking them stays cheap.
 */
package io.spectrawatch.spectral.detect.surrogate;
