package io.spectrawatch.flink.monitor.message;

/** Where a shard's summaries and marks go. */
public interface ShardOutput {

    /** A part of a pane that closes. */
    void part(SketchSummary summary);

    /** The moments of an interface in a pane that closes. */
    void moments(InterfaceSummary summary);

    /** How a model was judged in a pane that closes. */
    void judged(JudgementSummary judgement);

    /** What the detector found in a pane that closes. */
    void scored(ScoreSummary scores);

    /** What a beat added to an open pane. */
    void beat(BeatSummary beat);

    /** The mark after all beats of open panes up to one. */
    void beat(ShardBeat mark);

    /** How far a pane that closes grew past its gain profile. */
    void grown(GrowthSummary growth);

    /** What was not watched of a model in a pane that closes. */
    void unwatched(UnwatchedSummary unwatched);

    /** A model that lost its place to one whose pane closes. */
    void evicted(EvictionSummary evicted);

    /** The mark after all parts of the panes it closes. */
    void closed(ShardClosed mark);
}
