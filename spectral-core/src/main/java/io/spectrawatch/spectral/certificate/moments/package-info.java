/**
 * What an interface is measured by: frozen windows, sums of rows in their coordinates, the
 * transport between them.
 */
package io.spectrawatch.spectral.certificate.moments;
