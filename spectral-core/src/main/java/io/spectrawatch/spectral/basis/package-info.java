/** Inputs as coordinates in a frozen basis. */
package io.spectrawatch.spectral.basis;
