/** Runs a model over inputs and publishes what its layers say: the batch client. */
package io.spectrawatch.ingest.capture;
