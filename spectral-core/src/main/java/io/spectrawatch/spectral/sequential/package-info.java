/**
 * Sequential tests with a false-alarm guarantee: betting evidence, tolerance limits, split-half
 * scores and the shares of a fleet-wide level. The door is {@link
 * io.spectrawatch.spectral.sequential.Evidence}.
 */
package io.spectrawatch.spectral.sequential;
