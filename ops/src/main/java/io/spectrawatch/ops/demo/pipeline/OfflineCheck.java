package io.spectrawatch.ops.demo.pipeline;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.DirectMoment;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums the moment of every layer and pane straight from the captured rows, beside the pipeline, and
 * holds the pipeline's sketches against it.
 */
final class OfflineCheck implements AutoCloseable {

    private static final int BLOCK_ROWS = 256;

    private final Kernels kernels = KernelProviders.open(KernelChoice.HOST);
    private final Map<Part, DirectMoment> moments = new HashMap<>();
    private final Map<Integer, RowBlock> blocks = new HashMap<>();
    private int parts;

    private record Part(String layer, long paneStart) {}

    /** Adds all rows of a captured snapshot to the pane it belongs to. */
    synchronized void add(ActivationSnapshot snapshot, long paneStart) {
        for (Layer layer : snapshot.getLayers()) {
            DirectMoment moment =
                    moments.computeIfAbsent(
                            new Part(layer.getName(), paneStart),
                            part -> {
                                parts++;
                                return new DirectMoment(layer.getColumns(), kernels);
                            });
            RowBlock block =
                    blocks.computeIfAbsent(
                            layer.getColumns(), columns -> new RowBlock(BLOCK_ROWS, columns));
            ElementType type = ElementType.valueOf(layer.getElementType().name());
            for (int row = 0; row < layer.getRows(); ) {
                row += block.append(layer.getData(), type, row, layer.getRows() - row);
                moment.add(block);
                block.clear();
            }
        }
    }

    /**
     * How far the pipeline's moment is from the direct one, as a share of what its ledger allows.
     *
     * @param sketchBytes binary form of the whole sketch
     * @return spectral norm of the difference over (Delta + e_fp); at most 1 when the ledger holds
     */
    synchronized double disagreement(LayerSketch record, byte[] sketchBytes) {
        DirectMoment direct = moments.remove(new Part(record.getLayer(), record.getPaneStart()));
        if (direct == null) {
            throw new IllegalStateException(
                    "a sketch of "
                            + record.getLayer()
                            + " in pane "
                            + record.getPaneStart()
                            + " without captured rows, or a second one");
        }
        try (direct;
                SecondMomentSketch sketch = Sketches.fromBytes(sketchBytes, kernels)) {
            Ledger ledger = sketch.ledger();
            double allowed = Math.max(ledger.deltaPlus(), ledger.deltaMinus()) + ledger.roundoff();
            return direct.distanceTo(sketch) / allowed;
        }
    }

    /** Layers and panes captured so far, each of which gives one sketch. */
    synchronized int parts() {
        return parts;
    }

    @Override
    public synchronized void close() {
        moments.values().forEach(DirectMoment::close);
        kernels.close();
    }
}
