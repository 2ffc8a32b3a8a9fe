/** Rows as they come over the wire: element types, finite checks, blocks. */
package io.spectrawatch.spectral.tensor;
