/**
 * Bytes: what binary forms share. Entry: {@link io.spectrawatch.spectral.binary.ByteReader} and
 * {@link io.spectrawatch.spectral.binary.ByteWriter}.
 */
package io.spectrawatch.spectral.binary;
