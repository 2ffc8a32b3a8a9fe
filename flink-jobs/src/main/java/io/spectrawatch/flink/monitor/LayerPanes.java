package io.spectrawatch.flink.monitor;

/** Finds the open panes of a model's layers. */
interface LayerPanes {

    /**
     * The pane of a layer.
     *
     * @throws IllegalStateException if there is none
     */
    LayerPane of(int index, String layer, int columns);
}
