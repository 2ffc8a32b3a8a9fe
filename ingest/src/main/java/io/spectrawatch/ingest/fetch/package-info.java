/**
 * Consumers that a compressed batch cannot overwhelm: {@link
 * io.spectrawatch.ingest.fetch.BoundedConsumers} is the door, {@link
 * io.spectrawatch.ingest.fetch.Oversized} what comes in the place of a record that was not read.
 */
package io.spectrawatch.ingest.fetch;
