package io.spectrawatch.flink.monitor;

/** Where a shard's summaries and marks go. */
interface ShardOutput {

    /** A part of a pane that closes. */
    void part(PartSummary summary);

    /** The moments of an interface in a pane that closes. */
    void moments(InterfaceSummary summary);

    /** How a model was judged in a pane that closes. */
    void judged(PaneJudgement judgement);

    /** What the detector found in a pane that closes. */
    void scored(PaneScores scores);

    /** What a beat added to an open pane. */
    void beat(PaneBeat beat);

    /** The mark after all beats of open panes up to one. */
    void beat(ShardBeat mark);

    /** How far a pane that closes grew past its gain profile. */
    void grown(PaneGrowth growth);

    /** What was not watched of a model in a pane that closes. */
    void unwatched(PaneUnwatched unwatched);

    /** A model that lost its place to one whose pane closes. */
    void evicted(PaneEvicted evicted);

    /** The mark after all parts of the panes it closes. */
    void closed(ShardClosed mark);
}
