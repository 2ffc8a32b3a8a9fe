/** From the scores of a sample to one verdict: tables of ranks, weights, the combination. */
package io.spectrawatch.spectral.detect.combine;
