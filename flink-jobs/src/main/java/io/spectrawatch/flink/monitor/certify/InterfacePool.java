package io.spectrawatch.flink.monitor.certify;

import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.flink.monitor.message.InterfaceSummary;
import io.spectrawatch.flink.monitor.message.ShardCounts;
import io.spectrawatch.flink.monitor.message.TickCounts;
import io.spectrawatch.flink.monitor.pane.ClosedPane;
import io.spectrawatch.flink.monitor.pane.MergeClock;
import io.spectrawatch.flink.monitor.pane.PaneCounts;
import io.spectrawatch.flink.monitor.record.KernelCodec;
import io.spectrawatch.flink.monitor.record.Manifests;
import io.spectrawatch.flink.state.InputChain;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.moments.InterfaceMoments;
import io.spectrawatch.spectral.kernel.KernelDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Consecutive panes of one interface, pooled until they hold the rows that its baseline asks for.
 * Immutable.
 *
 * <pre>
 *   "SWPO", version 2
 *   text       baseline
 *   int64      start of the first pane, microseconds
 *   int64 x 2  start, end of the last pane
 *   int32      panes, those without rows included
 *   int64      rows
 *   int32      shards, each bytes of a model input whose chain runs over the chains of its panes,
 *              int64 offset of the closing tick, int64 rows, and int32 0 or 2 with the counts of
 *              the last ticks before the first pane and in the last, absent in version 1
 *   int32      kernels that took part, each text x 5, int32
 *   bytes      moments, in their own versioned form
 * </pre>
 */
public record InterfacePool(
        String baselineId,
        long start,
        Pane last,
        int panes,
        long rows,
        List<Shard> shards,
        List<KernelDescription> kernels,
        byte[] moments) {

    private static final int MAGIC = 0x5357504F;
    private static final int VERSION = 2;
    private static final int WITHOUT_TICKS = 1;
    private static final String WHAT = "interface pool";
    private static final int FIXED_BYTES = 512;

    /**
     * What one shard gave to the pool.
     *
     * @param before its last tick before the pool, null where none is known
     * @param last its last tick in the pool or before, null where none is known
     */
    record Shard(
            ModelInput input, long closedAtOffset, long rows, TickCounts before, TickCounts last) {

        private TickCounts.Between counted(long start, long paneLength) {
            return last == null || last.paneLength() != paneLength
                    ? null
                    : last.since(before, start);
        }
    }

    /** Nothing yet, before a pane. */
    public static InterfacePool start(ClosedPane pane, MergeClock clock) {
        ModelInput nothing = ModelInput.start(pane.pane(), pane.model());
        List<Shard> shards = new ArrayList<>();
        for (int i = 0; i < clock.shards(); i++) {
            TickCounts before = clock.before(i, pane.pane().start());
            shards.add(new Shard(nothing, -1, 0, before, before));
        }
        long start = pane.pane().start();
        Pane before = new Pane(start, start);
        return new InterfacePool(
                pane.baselineId(), start, before, 0, 0, shards, List.of(), new byte[0]);
    }

    /**
     * With one more pane: its shards are merged in their order, then added.
     *
     * @param summaries by shard, at least one
     */
    public InterfacePool plus(
            ClosedPane pane,
            SortedMap<Integer, InterfaceSummary> summaries,
            MergeClock clock,
            InterfaceBaseline baseline) {
        InterfaceMoments merged = null;
        List<KernelDescription> used = new ArrayList<>(kernels);
        long[] added = new long[shards.size()];
        for (var each : summaries.entrySet()) {
            InterfaceMoments own = moments(each.getValue().moments(), baseline);
            added[each.getKey()] = own.rows();
            if (merged == null) {
                merged = own;
            } else {
                merged.merge(own);
            }
            if (!used.contains(each.getValue().kernel())) {
                used.add(each.getValue().kernel());
            }
        }
        InterfaceMoments pooled = merged;
        if (rows > 0) {
            pooled = moments(baseline);
            pooled.merge(merged);
        }
        return next(pane, added, clock, used, pooled.rows(), pooled.toBytes());
    }

    /** With one more pane that gives it no rows, whatever baseline that pane was judged by. */
    public InterfacePool plusNothing(ClosedPane pane, MergeClock clock) {
        return next(pane, new long[shards.size()], clock, kernels, rows, moments);
    }

    private InterfacePool next(
            ClosedPane pane,
            long[] added,
            MergeClock clock,
            List<KernelDescription> used,
            long pooledRows,
            byte[] pooled) {
        List<Shard> given = new ArrayList<>(shards);
        InputChain hash = new InputChain();
        for (int i = 0; i < given.size(); i++) {
            ModelInput input = pane.inputs().get(i);
            long closedAt = clock.closedAt(i, pane.pane());
            TickCounts counted = clock.before(i, pane.pane().end());
            given.set(i, plus(given.get(i), input, closedAt, added[i], counted, hash));
        }
        long length = pane.pane().end() - pane.pane().start();
        int missed = (int) Math.max(0, (pane.pane().start() - last.end()) / length);
        return new InterfacePool(
                baselineId,
                start,
                pane.pane(),
                panes + missed + 1,
                pooledRows,
                List.copyOf(given),
                List.copyOf(used),
                pooled);
    }

    /** The chain runs over the chains of the panes; that of a single pane is its own. */
    private static Shard plus(
            Shard before,
            ModelInput input,
            long closedAtOffset,
            long rows,
            TickCounts last,
            InputChain hash) {
        long sumOfRows = before.rows() + rows;
        if (input == null) {
            return new Shard(before.input(), closedAtOffset, sumOfRows, before.before(), last);
        }
        ModelInput sum = before.input();
        boolean first = sum.snapshots() == 0;
        ModelInput joined =
                new ModelInput(
                        input.pane(),
                        input.model(),
                        first
                                ? input.firstOffset()
                                : Math.min(sum.firstOffset(), input.firstOffset()),
                        Math.max(sum.lastOffset(), input.lastOffset()),
                        sum.snapshots() + input.snapshots(),
                        first ? input.chain() : hash.next(sum.chain(), input.chain()),
                        input.baselineId());
        return new Shard(joined, closedAtOffset, sumOfRows, before.before(), last);
    }

    /** The pooled moments, a copy. */
    InterfaceMoments moments(InterfaceBaseline baseline) {
        return moments(moments, baseline);
    }

    private static InterfaceMoments moments(byte[] bytes, InterfaceBaseline baseline) {
        return InterfaceMoments.fromBytes(bytes, baseline.windowX(), baseline.windowY());
    }

    /**
     * What reproduces the pool.
     *
     * @param own the kernels that merged it
     */
    public Manifest manifest(KernelDescription own, SketchSettings settings) {
        List<ShardInput.Builder> inputs = new ArrayList<>();
        List<TickCounts.Between> counted = new ArrayList<>();
        for (int i = 0; i < shards.size(); i++) {
            Shard shard = shards.get(i);
            inputs.add(Manifests.shard(i, shard.input(), shard.closedAtOffset(), shard.rows()));
            counted.add(shard.counted(start, last.end() - last.start()));
        }
        List<KernelDescription> used = new ArrayList<>(kernels);
        used.add(own);
        return PaneCounts.add(Manifest.newBuilder(), inputs, counted)
                .setBaselineId(baselineId)
                .setNumerics(Manifests.numerics(used, settings.blockRows().usual(), settings))
                .build();
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES + moments.length);
        last.write(out.text(baselineId).int64(start)).int32(panes).int64(rows);
        out.int32(shards.size());
        for (Shard shard : shards) {
            out.bytes(shard.input().toBytes()).int64(shard.closedAtOffset()).int64(shard.rows());
            boolean counted = shard.before() != null && shard.last() != null;
            ShardCounts.write(out, counted ? List.of(shard.before(), shard.last()) : List.of());
        }
        out.int32(kernels.size());
        kernels.forEach(kernel -> KernelCodec.write(out, kernel));
        return out.bytes(moments).toBytes();
    }

    public static InterfacePool fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, WITHOUT_TICKS, VERSION, WHAT);
        String baselineId = in.optionalText();
        long start = in.int64();
        Pane last = Pane.read(in);
        int panes = in.int32();
        long rows = in.int64();
        int count = in.count(Integer.BYTES + 2 * Long.BYTES);
        List<Shard> shards = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            shards.add(readShard(in));
        }
        int used = in.count(KernelCodec.LEAST_BYTES);
        List<KernelDescription> kernels = new ArrayList<>(used);
        for (int i = 0; i < used; i++) {
            kernels.add(KernelCodec.read(in));
        }
        byte[] moments = in.bytes();
        in.end();
        return new InterfacePool(baselineId, start, last, panes, rows, shards, kernels, moments);
    }

    private static Shard readShard(ByteReader in) {
        ModelInput input = ModelInput.fromBytes(in.bytes());
        long closedAtOffset = in.int64();
        long rows = in.int64();
        List<TickCounts> ticks = in.version() == WITHOUT_TICKS ? List.of() : ShardCounts.read(in);
        in.require(ticks.isEmpty() || ticks.size() == 2, "no ticks or two", ticks);
        return ticks.isEmpty()
                ? new Shard(input, closedAtOffset, rows, null, null)
                : new Shard(input, closedAtOffset, rows, ticks.get(0), ticks.get(1));
    }
}
