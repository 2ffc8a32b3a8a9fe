/**
 * Detection of unusual samples: a detector is fitted to reference activations and judges others by
 * ranks among held-out ones. Entry: {@link io.spectrawatch.spectral.detect.Detector}.
 */
package io.spectrawatch.spectral.detect;
