package io.spectrawatch.flink.monitor.merge;

import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.flink.monitor.message.LayerId;
import io.spectrawatch.flink.monitor.message.SketchSummary;
import io.spectrawatch.flink.monitor.message.TickCounts;
import io.spectrawatch.flink.monitor.pane.MergeClock;
import io.spectrawatch.flink.monitor.pane.PaneCounts;
import io.spectrawatch.flink.monitor.record.Manifests;
import io.spectrawatch.flink.state.InputChain;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.SketchLedger;
import io.spectrawatch.spectral.descriptor.CertifiedValue;
import io.spectrawatch.spectral.descriptor.Descriptors;
import io.spectrawatch.spectral.kernel.KernelDescription;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Merges the summaries of one layer in shard order and describes the result. */
final class LayerMerge {

    /** Half of the largest record, so that spectrum, manifest and key always have room. */
    private static final int MAX_BASIS_BYTES = 4 << 20;

    private static final String CENTRED_ON_MEAN = "mean";
    private static final String ANCHORED = "anchor:";

    private final SubtaskKernels tools;
    private final SketchSettings settings;
    private final InputChain hash = new InputChain();

    LayerMerge(SubtaskKernels tools) {
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
     * Merges one layer of a complete pane: exact moments first, because they can take what shards
     * keep otherwise to which other layers came, then the others, each in their order.
     *
     * <p>Its index is the largest that a snapshot gave it: where fewer layers are tapped, those
     * before it are missing from the count.
     *
     * @param summaries in their order, at least one, all of the same anchor
     * @param inputs by shard, what entered the pane of the part's model
     */
    Merged merge(
            List<SketchSummary> summaries,
            Map<Integer, ModelInput> inputs,
            MergeClock clock,
            int sketchChunkBytes) {
        List<SketchSummary> ordered = new ArrayList<>(summaries);
        ordered.sort(
                Comparator.comparing(each -> Sketches.kindOf(each.sketch()) != SketchKind.EXACT));
        SketchSummary first = ordered.get(0);
        List<byte[]> parts =
                Sketches.ofEqualProbes(ordered.stream().map(SketchSummary::sketch).toList());
        try (SecondMomentSketch sketch = tools.restore(parts.get(0))) {
            int blockRows = sketch.options().blockRows();
            for (byte[] next : parts.subList(1, parts.size())) {
                try (SecondMomentSketch other = tools.restore(next)) {
                    blockRows = Math.max(blockRows, other.options().blockRows());
                    sketch.merge(other);
                }
            }
            byte[] bytes = sketch.toBytes();
            LayerSketch.Builder record = describe(first, sketch, hash.digest(bytes));
            record.setLayerIndex(
                    summaries.stream().mapToInt(each -> each.part().index()).max().getAsInt());
            record.setSketchChunks(
                    settings.publishSketch()
                            ? (bytes.length + sketchChunkBytes - 1) / sketchChunkBytes
                            : 0);
            record.setManifest(manifest(summaries, inputs, recorded(blockRows), clock));
            return new Merged(record.build(), bytes);
        }
    }

    private LayerSketch.Builder describe(
            SketchSummary part, SecondMomentSketch sketch, byte[] digest) {
        LayerId key = part.part();
        int columns = key.columns();
        // About the mean also where an anchor is subtracted, so that panes stay comparable.
        Spectrum spectrum = sketch.centredSpectrum(basisVectors(columns));
        boolean exact = sketch.kind() == SketchKind.EXACT;
        return LayerSketch.newBuilder()
                .setModelId(key.model().model())
                .setModelVersion(key.model().version())
                .setModelDigest(key.model().digest())
                .setSegment(key.model().segment())
                .setLayer(key.layer())
                .setPaneStart(part.pane().start())
                .setPaneEnd(part.pane().end())
                .setRows(sketch.rows())
                .setColumns(columns)
                .setAspectRatio((double) columns / sketch.rows())
                .setAlgorithm(exact ? "exact" : "frequent-directions")
                .setSketchRows(exact ? columns : sketch.options().sketchRows())
                .setAlpha(exact ? 0 : settings.alpha())
                .setCentring(
                        sketch.anchor()
                                .map(anchor -> ANCHORED + anchor.id())
                                .orElse(CENTRED_ON_MEAN))
                .setLedger(ledger(spectrum.ledger()))
                .setSpectrum(leading(spectrum.eigenvalues()))
                .setDescriptors(
                        Descriptors.of(spectrum).stream().map(LayerMerge::interval).toList())
                .setDescriptors95(probable(sketch, spectrum))
                .setBasisVectors(spectrum.basisVectors())
                .setBasis(singlePrecision(spectrum.basis()))
                .setSketchDigest(ByteBuffer.wrap(digest));
    }

    /** What the probes add, nothing where there are none. */
    private static List<Interval> probable(SecondMomentSketch sketch, Spectrum spectrum) {
        return sketch.probeEvidence().stream()
                .flatMap(evidence -> Descriptors.probable(spectrum, evidence).stream())
                .map(LayerMerge::interval)
                .toList();
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

    /** The layer's own largest block where sizes are chosen, else the one that is set. */
    private int recorded(int blockRows) {
        return settings.blockRows().isAuto() ? blockRows : settings.blockRows().usual();
    }

    private Manifest manifest(
            List<SketchSummary> summaries,
            Map<Integer, ModelInput> inputs,
            int blockRows,
            MergeClock clock) {
        List<ShardInput.Builder> shards = new ArrayList<>();
        List<TickCounts.Between> counted = new ArrayList<>();
        SketchSummary any = summaries.get(0);
        long[] rows = new long[clock.shards()];
        summaries.forEach(summary -> rows[summary.shard()] += summary.rows());
        ModelInput nothing = ModelInput.start(any.pane(), any.part().model());
        for (int shard = 0; shard < clock.shards(); shard++) {
            shards.add(
                    Manifests.shard(
                            shard,
                            inputs.getOrDefault(shard, nothing),
                            clock.closedAt(shard, any.pane()),
                            rows[shard]));
            counted.add(clock.counted(shard, any.pane()));
        }
        List<KernelDescription> used = new ArrayList<>();
        summaries.forEach(summary -> used.add(summary.kernel()));
        used.add(tools.kernels().description());
        return PaneCounts.add(Manifest.newBuilder(), shards, counted)
                .setBaselineId(inputs.get(any.shard()).baselineId())
                .setNumerics(Manifests.numerics(used, blockRows, settings))
                .build();
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
