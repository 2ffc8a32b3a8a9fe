package io.spectrawatch.flink.monitor;

/**
 * One encoded record for the sketches topic.
 *
 * @param key UTF-8 of {@code model/version/layer}
 * @param value a {@code LayerSketch} or {@code SketchChunk} in single-object encoding
 * @param timestampMillis end of the pane: event time, so that a replay writes the same record
 */
public record SketchRecord(byte[] key, byte[] value, long timestampMillis) {}
