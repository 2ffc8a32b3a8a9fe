package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The sketches alone, in this process: as many threads as subtasks take the rows of their shards
 * into the sketches that the monitor keeps of a pane, without a broker, a job or a log.
 *
 * <p>The snapshots are in memory before the stage begins, as many of them as reach {@value
 * #ROW_BYTES} bytes, and are taken in turns.
 */
final class KernelStage {

    /** Beyond what a processor's cache holds, as rows that have just come are. */
    private static final long ROW_BYTES = 128L << 20;

    private final PipelineOptions options;
    private final SketchSettings settings;
    private final int snapshots;
    private final StageClock clock;
    private final List<List<Layer>> held = new ArrayList<>();

    /**
     * @param settings of the monitor
     * @param snapshots taken in all
     */
    KernelStage(PipelineOptions options, SketchSettings settings, int snapshots, StageClock clock) {
        this.options = options;
        this.settings = settings;
        this.snapshots = snapshots;
        this.clock = clock;
    }

    StageClock.Span run() throws Exception {
        hold();
        int threads = Math.min(options.parallelism(), options.shards());
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            StageClock.Mark from = clock.now();
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                running.add(pool.submit(() -> sketch(number, threads)));
            }
            for (Future<?> each : running) {
                each.get();
            }
            return new StageClock.Span(from, clock.now());
        } finally {
            pool.shutdownNow();
        }
    }

    private void hold() throws WireException {
        BenchSnapshots source = new BenchSnapshots(options);
        long bytes = 0;
        for (int i = 0; i < snapshots && bytes < ROW_BYTES; i++) {
            byte[] value = source.value(0, "kernel", i, i, 0);
            bytes += value.length;
            held.add(Wire.decode(value, ActivationSnapshot.class).getLayers());
        }
    }

    /** Takes the shards of one thread, as long as there are snapshots. */
    private void sketch(int thread, int threads) {
        try (Kernels kernels = KernelProviders.open(settings.kernels())) {
            List<List<LayerSketch>> shards = new ArrayList<>();
            for (int shard = 0; shard < options.shards(); shard++) {
                shards.add(shard % threads == thread ? open(kernels) : List.of());
            }
            for (int i = 0; i < snapshots; i++) {
                List<LayerSketch> sketches = shards.get(i % options.shards());
                List<Layer> layers = held.get(i % held.size());
                for (int layer = 0; layer < sketches.size(); layer++) {
                    sketches.get(layer).append(layers.get(layer));
                }
            }
            shards.forEach(sketches -> sketches.forEach(LayerSketch::close));
        }
    }

    private List<LayerSketch> open(Kernels kernels) {
        List<LayerSketch> sketches = new ArrayList<>();
        for (int layer = 0; layer < options.layers(); layer++) {
            SketchOptions sketch = settings.options(BenchSnapshots.layer(layer), options.columns());
            sketches.add(
                    new LayerSketch(
                            Sketches.create(sketch, options.columns(), kernels),
                            new RowBlock(sketch.blockRows(), options.columns())));
        }
        return sketches;
    }

    /** A sketch of all full blocks, and the block that is being filled. */
    private record LayerSketch(SecondMomentSketch sketch, RowBlock block) {

        void append(Layer layer) {
            ElementType type = ElementType.valueOf(layer.getElementType().name());
            int taken = 0;
            while (taken < layer.getRows()) {
                taken += block.append(layer.getData(), type, taken, layer.getRows() - taken);
                if (block.isFull()) {
                    sketch.update(block);
                    block.clear();
                }
            }
        }

        void close() {
            sketch.close();
        }
    }
}
