/**
 * Sketches of second moments: exact, or by Frequent Directions with a ledger of what was lost.
 * Entry: {@link io.spectrawatch.spectral.sketch.Sketches}.
 */
package io.spectrawatch.spectral.sketch;
