/** Conformal ranks: where a score lies among those of held-out clean samples. */
package io.spectrawatch.spectral.detect.rank;
