/**
 * Which columns are active for which groups of rows, by what margin, and how far that may move
 * unchanged.
 */
package io.spectrawatch.spectral.certificate.structure;
