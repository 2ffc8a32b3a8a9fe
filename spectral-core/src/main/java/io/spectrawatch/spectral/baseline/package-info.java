/**
 * Everything a model is judged by, frozen at calibration under one content address: windows of its
 * layers, certificates of its interfaces, its detector. The door is {@link
 * io.spectrawatch.spectral.baseline.ModelBaseline}.
 */
package io.spectrawatch.spectral.baseline;
