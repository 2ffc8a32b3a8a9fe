/**
 * Numbers that describe a spectrum, each with the interval that the sketch's losses leave it.
 * Entry: {@link io.spectrawatch.spectral.descriptor.Descriptors}.
 */
package io.spectrawatch.spectral.descriptor;
