package io.spectrawatch.ops.bench.pipeline;

import java.util.List;

/**
 * What is varied, one thing at a time; the first of each list is what the others are held against.
 *
 * @param layers of a snapshot
 * @param shards partitions of the log
 * @param models that send
 * @param rows of a layer that each run takes, over all layers
 */
public record ScaleOptions(
        List<Integer> layers, List<Integer> shards, List<Integer> models, long rows) {

    /** Copies the lists and checks that each has a number. */
    public ScaleOptions {
        layers = List.copyOf(layers);
        shards = List.copyOf(shards);
        models = List.copyOf(models);
        if (layers.isEmpty() || shards.isEmpty() || models.isEmpty() || rows < 1) {
            throw new IllegalArgumentException(
                    "layers, shards, models and rows must have a number each, found "
                            + layers
                            + ", "
                            + shards
                            + ", "
                            + models
                            + ", "
                            + rows);
        }
    }
}
