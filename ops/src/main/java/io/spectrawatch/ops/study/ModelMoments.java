package io.spectrawatch.ops.study;

import io.spectrawatch.ingest.capture.CaptureSession;
import io.spectrawatch.ingest.capture.CaptureSettings;
import io.spectrawatch.ingest.capture.MiniLm;
import io.spectrawatch.ingest.capture.ModelTap;
import io.spectrawatch.ingest.capture.RowSelection;
import io.spectrawatch.ingest.capture.TextEncoder;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.certificate.moments.SampleSplit;
import io.spectrawatch.spectral.certificate.moments.WindowRows;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.util.ArrayList;
import java.util.List;

/**
 * Interface moments of the transformer over texts, as its monitor would see them: one additive
 * state per interface and block of texts. The model runs once; everything else adds states.
 */
public final class ModelMoments implements AutoCloseable {
    /** Texts of a forward pass, as in the demo. */
    private static final int SENTENCES = 8;

    private static final int MAX_ROWS_PER_SENTENCE = 64;
    private static final int CAPACITY = SENTENCES * MAX_ROWS_PER_SENTENCE;

    private final ModelTap tap;
    private final TextEncoder encoder;
    private final CaptureSession session;
    private final Kernels kernels;
    private final long seed;
    private final RowBlock block = new RowBlock(CAPACITY, MiniLm.COLUMNS);
    private final byte[] halves = new byte[CAPACITY];

    /**
     * Opens a model with the transformer's tensors.
     *
     * @param onnx its file
     * @param seed seed of the halves
     */
    public ModelMoments(byte[] onnx, Kernels kernels, long seed) {
        this.kernels = kernels;
        this.seed = seed;
        this.tap = ModelTap.open(onnx, MiniLm.taps(), Runtime.getRuntime().availableProcessors());
        this.encoder = MiniLm.encoder();
        CaptureSettings settings =
                CaptureSettings.defaults(MiniLm.MODEL_ID, MiniLm.MODEL_VERSION)
                        .withRows(
                                RowSelection.defaults()
                                        .withMaxRowsPerSample(MAX_ROWS_PER_SENTENCE));
        // Snapshots are taken here, so nothing publishes them.
        this.session = CaptureSession.ofText(tap, encoder, null, settings);
    }

    /** Returns the number of tapped layers. */
    public static int layers() {
        return MiniLm.taps().size();
    }

    /** Returns each layer's leading directions about its mean. */
    public List<FrozenWindow> windows(List<String> texts, int rank) {
        List<SecondMomentSketch> sketches = new ArrayList<>();
        try {
            for (int layer = 0; layer < layers(); layer++) {
                sketches.add(Sketches.create(SketchOptions.defaults(), MiniLm.COLUMNS, kernels));
            }
            for (int from = 0; from < texts.size(); from += SENTENCES) {
                for (ActivationSnapshot snapshot : run(texts, "window", from)) {
                    for (int layer = 0; layer < layers(); layer++) {
                        if (load(snapshot.getLayers().get(layer)) > 0) {
                            sketches.get(layer).update(block);
                        }
                    }
                }
            }
            List<FrozenWindow> windows = new ArrayList<>();
            for (SecondMomentSketch sketch : sketches) {
                windows.add(FrozenWindow.ofBasis(sketch.mean(), sketch.spectrum(rank).basis()));
            }
            return windows;
        } finally {
            sketches.forEach(SecondMomentSketch::close);
        }
    }

    /**
     * Returns the moments of blocks of texts.
     *
     * @param name makes the sample ids; the same texts need the same halves
     * @param textsPerBlock texts of a block
     * @return for each interface, its blocks in the order of the texts
     */
    public List<List<InterfaceMoments>> blocks(
            List<FrozenWindow> windows, List<String> texts, String name, int textsPerBlock) {
        List<List<InterfaceMoments>> blocks = new ArrayList<>();
        List<WindowRows> rows = new ArrayList<>();
        try {
            for (int layer = 0; layer < layers(); layer++) {
                rows.add(new WindowRows(kernels, windows.get(layer), CAPACITY));
                if (layer > 0) {
                    blocks.add(new ArrayList<>());
                }
            }
            for (int from = 0; from < texts.size(); from += SENTENCES) {
                if (from % textsPerBlock == 0) {
                    for (int i = 0; i < blocks.size(); i++) {
                        blocks.get(i).add(new InterfaceMoments(windows.get(i), windows.get(i + 1)));
                    }
                }
                for (ActivationSnapshot snapshot : run(texts, name, from)) {
                    add(snapshot, rows, blocks);
                }
            }
            return blocks;
        } finally {
            rows.forEach(WindowRows::close);
        }
    }

    private void add(
            ActivationSnapshot snapshot,
            List<WindowRows> rows,
            List<List<InterfaceMoments>> blocks) {
        Layer first = snapshot.getLayers().get(0);
        int[] owners = RowMap.of(snapshot).owners(first);
        for (int row = 0; row < first.getRows(); row++) {
            String id = snapshot.getSamples().get(owners[row]).getId();
            halves[row] = (byte) SampleSplit.half(seed, id);
        }
        for (int layer = 0; layer < rows.size(); layer++) {
            load(snapshot.getLayers().get(layer));
            rows.get(layer).project(block, halves);
            if (layer > 0) {
                List<InterfaceMoments> of = blocks.get(layer - 1);
                of.get(of.size() - 1).update(rows.get(layer - 1), rows.get(layer));
            }
        }
    }

    private int load(Layer layer) {
        block.clear();
        block.append(layer.getData(), ElementType.FLOAT32, 0, layer.getRows());
        return block.rows();
    }

    private List<ActivationSnapshot> run(List<String> texts, String name, int from) {
        int to = Math.min(from + SENTENCES, texts.size());
        List<Sample> samples = new ArrayList<>();
        for (int i = from; i < to; i++) {
            samples.add(WholeSample.of(name + "-" + i, null, null, 1.0));
        }
        return session.snapshots(samples, texts.subList(from, to), 0);
    }

    @Override
    public void close() {
        try (tap) {
            encoder.close();
        }
    }
}
