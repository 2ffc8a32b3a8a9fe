/**
 * The mathematics of the monitor as a library. Entry for rows and certified numbers: {@link
 * io.spectrawatch.spectral.RowSketch}.
 */
package io.spectrawatch.spectral;
