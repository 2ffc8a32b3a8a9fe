/**
 * The scores: each a number that grows as a sample departs from the reference, and how it is
 * written down.
 */
package io.spectrawatch.spectral.detect.score;
