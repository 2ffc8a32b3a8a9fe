/** Bytes: what binary forms share. */
package io.spectrawatch.spectral.binary;
