package io.spectrawatch.flink.monitor.attack;

import io.spectrawatch.flink.monitor.message.BeatSummary;
import io.spectrawatch.flink.monitor.message.RankedSample;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.detect.attack.BeatCounts;
import io.spectrawatch.spectral.detect.attack.StreamKind;
import io.spectrawatch.spectral.detect.attack.Surge;
import io.spectrawatch.spectral.detect.attack.SurgeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The beats of one open pane of a model, and what they have shown so far: a function of the beats,
 * in whatever order the shards' messages come.
 *
 * <p>Where shards began the pane under different baselines, nothing is said from the beat on that
 * shows it: its limits cannot be compared.
 *
 * <pre>
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest
 *   text       baseline, absent before the first beat taken
 *   int32      1 if shards disagree about it
 *   text       kind of the alert it raised, absent for none
 *   bytes      the test
 *   int32      shards, each int32 shard, int64 x 2 its clients, those exceeding
 *   int32      beats not yet taken, each as it came
 * </pre>
 */
final class OpenSurge {

    /** Of the binary form. */
    static final int LEAST_BYTES = 64;

    private static final int LEAST_SHARD_BYTES = Integer.BYTES + 2 * Long.BYTES;

    private final Pane pane;
    private final ModelKey model;
    private final List<BeatSummary> waiting = new ArrayList<>();
    private final TreeMap<Integer, long[]> clients = new TreeMap<>();

    /** By shard its most suspicious samples of the pane so far. */
    private final TreeMap<Integer, List<RankedSample>> suspicious = new TreeMap<>();

    private String baselineId;
    private boolean disagreed;
    private StreamKind raised;
    private Surge surge;

    private OpenSurge(Pane pane, ModelKey model, Surge surge) {
        this.pane = pane;
        this.model = model;
        this.surge = surge;
    }

    static OpenSurge open(BeatSummary first, SurgeOptions options) {
        return new OpenSurge(first.pane(), first.model(), Surge.start(options));
    }

    Pane pane() {
        return pane;
    }

    ModelKey model() {
        return model;
    }

    /** Of the beats taken; null before the first. */
    String baselineId() {
        return baselineId;
    }

    Surge surge() {
        return surge;
    }

    boolean fired() {
        return surge.fired();
    }

    /** The most suspicious samples of the beats taken. */
    List<RankedSample> suspicious() {
        return RankedSample.first(RankedSample.merge(suspicious.values()));
    }

    /** The kind of the alert that it raised, null for none. */
    StreamKind raised() {
        return raised;
    }

    /** Notes that an alert was raised. */
    StreamKind raise() {
        raised = StreamKind.of(surge.counts());
        return raised;
    }

    /** Whether beats up to this one are not taken yet. */
    boolean waitsFor(long through) {
        return waiting.stream().anyMatch(each -> each.beat() <= through);
    }

    void add(BeatSummary beat) {
        waiting.add(beat);
    }

    /**
     * Takes the beats up to this one, in their order.
     *
     * @return whether the evidence became overwhelming
     */
    boolean take(long through) {
        boolean before = fired();
        TreeMap<Long, List<BeatSummary>> due = new TreeMap<>();
        for (BeatSummary each : waiting) {
            if (each.beat() <= through) {
                due.computeIfAbsent(each.beat(), b -> new ArrayList<>()).add(each);
            }
        }
        due.values().forEach(this::take);
        waiting.removeIf(each -> each.beat() <= through);
        return fired() && !before;
    }

    /** Takes what all shards sent for one beat. */
    private void take(List<BeatSummary> beats) {
        long samples = 0;
        long exceedances = 0;
        for (BeatSummary each : beats) {
            baselineId = baselineId == null ? each.baselineId() : baselineId;
            disagreed |= !each.baselineId().equals(baselineId);
            BeatCounts counts = each.counts();
            clients.put(each.shard(), new long[] {counts.clients(), counts.clientsExceeding()});
            suspicious.put(each.shard(), each.suspicious());
            samples += counts.samples();
            exceedances += counts.exceedances();
        }
        if (!disagreed) {
            long judged = clients.values().stream().mapToLong(own -> own[0]).sum();
            long exceeding = clients.values().stream().mapToLong(own -> own[1]).sum();
            surge =
                    surge.observe(
                            beats.get(0).beat(),
                            new BeatCounts(samples, exceedances, judged, exceeding));
        }
    }

    void write(ByteWriter out) {
        model.write(pane.write(out)).text(baselineId);
        out.int32(disagreed ? 1 : 0).text(raised == null ? null : raised.name());
        out.bytes(surge.toBytes()).int32(clients.size());
        clients.forEach((shard, own) -> out.int32(shard).int64(own[0]).int64(own[1]));
        out.int32(waiting.size());
        waiting.forEach(each -> out.bytes(each.toBytes()));
    }

    /**
     * Writes the samples that an alert would name, which stand behind the rest.
     *
     * <pre>
     *   int32  shards, each int32 shard, int32 samples, each as {@link RankedSample} writes it
     * </pre>
     */
    void writeSuspicious(ByteWriter out) {
        out.int32(suspicious.size());
        suspicious.forEach((shard, own) -> RankedSample.write(own, out.int32(shard)));
    }

    void readSuspicious(ByteReader in) {
        int shards = in.count(2 * Integer.BYTES);
        for (int i = 0; i < shards; i++) {
            int shard = in.int32();
            in.require(
                    suspicious.isEmpty() || suspicious.lastKey() < shard,
                    "shards in their order",
                    shard);
            suspicious.put(shard, RankedSample.read(in));
        }
    }

    static OpenSurge read(ByteReader in) {
        Pane pane = Pane.read(in);
        ModelKey model = ModelKey.read(in);
        String baselineId = in.optionalText();
        int disagreed = in.int32();
        in.require(disagreed == 0 || disagreed == 1, "0 or 1 for what disagrees", disagreed);
        String raised = in.optionalText();
        OpenSurge open = new OpenSurge(pane, model, test(in.bytes()));
        open.baselineId = baselineId;
        open.disagreed = disagreed == 1;
        open.raised = raised == null ? null : kind(raised);
        int shards = in.count(LEAST_SHARD_BYTES);
        for (int i = 0; i < shards; i++) {
            int shard = in.int32();
            in.require(
                    open.clients.isEmpty() || open.clients.lastKey() < shard,
                    "shards in their order",
                    shard);
            open.clients.put(shard, new long[] {in.int64(), in.int64()});
        }
        int beats = in.count(Integer.BYTES);
        for (int i = 0; i < beats; i++) {
            open.waiting.add(BeatSummary.fromBytes(in.bytes()));
        }
        return open;
    }

    private static Surge test(byte[] bytes) {
        try {
            return Surge.fromBytes(bytes);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static StreamKind kind(String name) {
        try {
            return StreamKind.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("surge: a kind of alert expected, found " + name, e);
        }
    }
}
