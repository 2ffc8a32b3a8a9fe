package io.spectrawatch.flink.monitor;

/** Where a shard's summaries and marks go. */
interface ShardOutput {

    /** A part of a pane that closes. */
    void part(PartSummary summary);

    /** The mark after all parts of the panes it closes. */
    void closed(ShardClosed mark);
}
