/**
 * GSA-style certificates (our definition) of the transport between adjacent layers: exact moments
 * in frozen windows, the structure of the Physical Alignment Matrix with a tight static radius,
 * calibration of content-addressed baselines, comparison pane by pane, and the alerts that follow.
 *
 * <p>The vocabulary follows Liu et al., Geometric and Spectral Alignment for Deep Neural Network I
 * and II (arXiv:2605.02108, arXiv:2605.02111), of which only abstracts were available: definitions,
 * theorems and numbers here are our own and reproduce none of theirs. The door is {@link
 * io.spectrawatch.spectral.certificate.Certificates}, and {@link
 * io.spectrawatch.spectral.certificate.alert.Alerts} for what follows from a certificate.
 */
package io.spectrawatch.spectral.certificate;
