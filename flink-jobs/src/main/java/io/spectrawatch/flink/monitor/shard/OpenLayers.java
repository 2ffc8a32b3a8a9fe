package io.spectrawatch.flink.monitor.shard;

/** Finds the open panes of a model's layers. */
interface OpenLayers {

    /**
     * The pane of a layer.
     *
     * @throws IllegalStateException if there is none
     */
    OpenLayer of(int index, String layer, int columns);
}
