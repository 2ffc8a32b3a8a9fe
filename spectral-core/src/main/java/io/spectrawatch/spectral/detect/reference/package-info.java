/**
 * What is fitted to the reference: windows, classes, Gaussians, landmarks, and samples in their
 * coordinates.
 */
package io.spectrawatch.spectral.detect.reference;
