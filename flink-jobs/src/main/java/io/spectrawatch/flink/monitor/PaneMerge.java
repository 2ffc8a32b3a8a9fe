package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.InputChain;
import io.spectrawatch.flink.log.ModelInput;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.NumericConfig;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.SketchLedger;
import io.spectrawatch.spectral.descriptor.CertifiedValue;
import io.spectrawatch.spectral.descriptor.Descriptors;
import io.spectrawatch.spectral.kernel.KernelDescription;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Merges the summaries of one part in shard order and describes the result. */
final class PaneMerge {

    /** Half of the largest record, so that spectrum, manifest and key always have room. */
    private static final int MAX_BASIS_BYTES = 4 << 20;

    private static final String CENTRED_ON_MEAN = "mean";

    private final SketchTools tools;
    private final SketchSettings settings;
    private final InputChain hash = new InputChain();

    PaneMerge(SketchTools tools) {
        this.tools = tools;
        this.settings = tools.settings();
    }

    /**
     * A merged part.
     *
     * @param sketchBytes the whole sketch in its binary form
     */
    record Merged(LayerSketch record, byte[] sketchBytes) {}

    /**
     * Merges one part of a complete pane.
     *
     * @param summaries by shard, at least one
     * @param inputs by shard, what entered the pane of the part's model
     */
    Merged merge(
            SortedMap<Integer, PartSummary> summaries,
            Map<Integer, ModelInput> inputs,
            MergeClock clock,
            int sketchChunkBytes) {
        PartSummary first = summaries.get(summaries.firstKey());
        try (SecondMomentSketch sketch = tools.restore(first.sketch())) {
            for (PartSummary next : summaries.tailMap(summaries.firstKey() + 1).values()) {
                try (SecondMomentSketch other = tools.restore(next.sketch())) {
                    sketch.merge(other);
                }
            }
            byte[] bytes = sketch.toBytes();
            LayerSketch.Builder record = describe(first, sketch, hash.digest(bytes));
            record.setSketchChunks(
                    settings.publishSketch()
                            ? (bytes.length + sketchChunkBytes - 1) / sketchChunkBytes
                            : 0);
            record.setManifest(manifest(summaries, inputs, clock));
            return new Merged(record.build(), bytes);
        }
    }

    private LayerSketch.Builder describe(
            PartSummary part, SecondMomentSketch sketch, byte[] digest) {
        PartKey key = part.part();
        int columns = key.columns();
        Spectrum spectrum = sketch.spectrum(basisVectors(columns));
        boolean exact = sketch.kind() == SketchKind.EXACT;
        return LayerSketch.newBuilder()
                .setModelId(key.model().model())
                .setModelVersion(key.model().version())
                .setModelDigest(key.model().digest())
                .setLayer(key.layer())
                .setLayerIndex(key.index())
                .setPaneStart(part.pane().start())
                .setPaneEnd(part.pane().end())
                .setRows(sketch.rows())
                .setColumns(columns)
                .setAspectRatio((double) columns / sketch.rows())
                .setAlgorithm(exact ? "exact" : "frequent-directions")
                .setSketchRows(exact ? columns : settings.sketchRows())
                .setAlpha(exact ? 0 : settings.alpha())
                .setCentring(CENTRED_ON_MEAN)
                .setLedger(ledger(spectrum.ledger()))
                .setSpectrum(leading(spectrum.eigenvalues()))
                .setDescriptors(Descriptors.of(spectrum).stream().map(PaneMerge::interval).toList())
                .setBasisVectors(spectrum.basisVectors())
                .setBasis(singlePrecision(spectrum.basis()))
                .setSketchDigest(ByteBuffer.wrap(digest));
    }

    private int basisVectors(int columns) {
        return Math.min(settings.basisVectors(), MAX_BASIS_BYTES / (Float.BYTES * columns));
    }

    private List<Double> leading(double[] eigenvalues) {
        int length = Math.min(settings.spectrumLength(), eigenvalues.length);
        List<Double> spectrum = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            spectrum.add(eigenvalues[i]);
        }
        return spectrum;
    }

    private Manifest manifest(
            SortedMap<Integer, PartSummary> summaries,
            Map<Integer, ModelInput> inputs,
            MergeClock clock) {
        List<ShardInput> shards = new ArrayList<>();
        PartSummary any = summaries.get(summaries.firstKey());
        for (int shard = 0; shard < clock.shards(); shard++) {
            ModelInput input =
                    inputs.getOrDefault(shard, ModelInput.start(any.pane(), any.part().model()));
            PartSummary summary = summaries.get(shard);
            shards.add(
                    ShardInput.newBuilder()
                            .setShard(shard)
                            .setFirstOffset(input.firstOffset())
                            .setLastOffset(input.lastOffset())
                            .setClosedAtOffset(clock.closedAt(shard, any.pane()))
                            .setSnapshots(input.snapshots())
                            .setRows(summary == null ? 0 : summary.rows())
                            .setChain(ByteBuffer.wrap(input.chain()))
                            .build());
        }
        return Manifest.newBuilder()
                .setShards(shards)
                .setBaselineId(inputs.get(summaries.firstKey()).baselineId())
                .setNumerics(numerics(summaries))
                .build();
    }

    /** Names every kernel that took part, so that a mixed cluster shows in the manifest. */
    private NumericConfig numerics(SortedMap<Integer, PartSummary> summaries) {
        List<KernelDescription> used = new ArrayList<>();
        summaries.values().forEach(summary -> used.add(summary.kernel()));
        used.add(tools.kernels().description());
        return NumericConfig.newBuilder()
                .setProvider(distinct(used, k -> k.provider().toLowerCase(Locale.ROOT)))
                .setLibrary(distinct(used, KernelDescription::library))
                .setLibraryVersion(distinct(used, KernelDescription::libraryVersion))
                .setCoreName(distinct(used, KernelDescription::coreName))
                .setDevice(distinct(used, KernelDescription::device))
                .setThreads(used.stream().mapToInt(KernelDescription::threads).max().getAsInt())
                .setBlockRows(settings.blockRows())
                .setJavaVersion(Integer.toString(Runtime.version().feature()))
                .build();
    }

    private static String distinct(
            List<KernelDescription> used, Function<KernelDescription, String> field) {
        TreeSet<String> values = new TreeSet<>();
        used.forEach(kernel -> values.add(field.apply(kernel)));
        return String.join("+", values);
    }

    private static SketchLedger ledger(Ledger ledger) {
        return SketchLedger.newBuilder()
                .setDeltaPlus(ledger.deltaPlus())
                .setDeltaMinus(ledger.deltaMinus())
                .setShed(ledger.shed())
                .setEnergy(ledger.energy())
                .setRoundoff(ledger.roundoff())
                .build();
    }

    private static Interval interval(CertifiedValue value) {
        return Interval.newBuilder()
                .setName(value.name())
                .setLower(value.lower())
                .setEstimate(value.estimate())
                .setUpper(value.upper())
                .build();
    }

    private static ByteBuffer singlePrecision(double[] basis) {
        ByteBuffer bytes =
                ByteBuffer.allocate(basis.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double entry : basis) {
            bytes.putFloat((float) entry);
        }
        return bytes.flip();
    }
}
