package io.spectrawatch.flink.monitor;

/** Ids of the operators. State is found by them: a released id never changes. */
final class OperatorUids {

    static final String SOURCE = "validated-source";
    static final String SHARD_MONITOR = "shard-monitor";
    static final String WINDOW_MERGER = "window-merger";
    static final String SINK = "sketches-sink";

    private OperatorUids() {}
}
