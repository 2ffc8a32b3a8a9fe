/** Native libraries out of the class path. */
package io.spectrawatch.spectral.natives;
