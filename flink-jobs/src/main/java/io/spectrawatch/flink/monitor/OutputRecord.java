package io.spectrawatch.flink.monitor;

import io.spectrawatch.schemas.Topics;

/**
 * One encoded record for a topic of the catalogue.
 *
 * @param topic where it goes
 * @param key UTF-8 of the record's key, such as {@code model/version/layer}
 * @param value the record in single-object encoding
 * @param timestamp end of the pane, or for scores of the sample, in milliseconds: event time, so
 *     that a replay writes the same record
 */
public record OutputRecord(Topics topic, byte[] key, byte[] value, long timestamp) {}
