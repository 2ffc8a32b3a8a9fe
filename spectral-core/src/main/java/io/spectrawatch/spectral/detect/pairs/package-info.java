/** A request beside the last ones of its client. */
package io.spectrawatch.spectral.detect.pairs;
