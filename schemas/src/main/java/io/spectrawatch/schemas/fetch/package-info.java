/**
 * Kafka's clients where they need care. Consumers that a compressed batch cannot overwhelm: {@link
 * io.spectrawatch.schemas.fetch.BoundedConsumer} is the door, {@link
 * io.spectrawatch.schemas.fetch.Oversized} what comes in the place of a record that was not read.
 * Administration clients that keep calm while no broker answers: {@link
 * io.spectrawatch.schemas.fetch.BrokersAway}.
 */
package io.spectrawatch.schemas.fetch;
