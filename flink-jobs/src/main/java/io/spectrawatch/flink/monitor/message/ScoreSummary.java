package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.detect.attack.HeavyHitters;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import java.util.ArrayList;
import java.util.List;

/**
 * What the detector found in one pane of a model on one shard: counts, while the pane is open and
 * on their way to the model's bucket.
 *
 * <pre>
 *   "SWPD", version 6
 *   int32      shard
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest
 *   text       baseline
 *   int64      samples scored
 *   int64      snapshots that could not be scored
 *   int64      exceedances of the tolerance limit, -1 if there is none
 *   int64 x 2  samples at or below the level, by kind
 *   int64 x 2  samples near an earlier one of their client, steep pairs among them
 *   int64 x 2  samples and exceedances that beats have told of
 *   int32      clients, each text id, int64 x 3 estimate, samples, exceedances
 *   int32 x 2  calibration samples the limit rests on, 0 if unknown; its rank among them
 *   int64      samples that did not come to their end
 *   int32      most suspicious samples, each as {@link RankedSample} writes it
 *   int64 x 2  samples that could not be scored, by reason
 *   int32      clients whose trail is followed, each as above: its requests, the close ones
 * </pre>
 *
 * <p>Version 5 ended with the reasons. Version 4 ended with the most suspicious samples. Version 3
 * ended with the rank. Version 2 had, after the samples by kind, int64 x 2 alerts sent among them,
 * and no beats; it ended with the clients.
 *
 * @param found by ordinal of {@link SampleVerdict.Kind}
 * @param near samples with an earlier request of their client nearby
 * @param toldSamples samples that the beats before have told of
 * @param toldExceedances exceedances among them
 * @param steep those between which and the earlier one the model is steep beyond the level
 * @param references calibration samples that the tolerance limit rests on, 0 if that is not known
 * @param rank the limit's among them
 * @param incomplete samples that did not come to their end, in no other count
 * @param suspicious the most suspicious of the samples scored
 * @param left samples that could not be scored, in no other count, by ordinal of {@link Unscored}
 * @param trails requests of clients and, as exceedances, those close to one of their last; empty
 *     where trails are not followed
 */
public record ScoreSummary(
        int shard,
        Pane pane,
        ModelKey model,
        String baselineId,
        long samples,
        long unscored,
        long exceedances,
        long[] found,
        long near,
        long steep,
        long toldSamples,
        long toldExceedances,
        List<HeavyHitters.Entry> clients,
        int references,
        int rank,
        long incomplete,
        List<RankedSample> suspicious,
        long[] left,
        List<HeavyHitters.Entry> trails) {

    /** Why a sample that came whole is not scored. */
    public enum Unscored {
        /** Its rows were tapped elsewhere than those of the baseline. */
        OTHER_TAP,
        /** A layer of the detector is missing, of another width, or carries other rows. */
        OTHER_LAYERS
    }

    private static final int MAGIC = 0x53575044;
    private static final int VERSION = 6;

    /** The last version that followed no trails. */
    private static final int WITHOUT_TRAILS = 5;

    /** The last version that did not say why samples were not scored. */
    private static final int WITHOUT_REASONS = 4;

    /** The last version that knew samples of one part only. */
    private static final int OF_ONE_PART = 3;

    /** The version that counted alerts on single samples. */
    private static final int WITH_ALERTS = 2;

    private static final String WHAT = "pane scores";
    private static final int FIXED_BYTES = 512;
    private static final int LEAST_CLIENT_BYTES = Integer.BYTES + 3 * Long.BYTES;
    private static final int KINDS = SampleVerdict.Kind.values().length;

    /** What a pane begins with. */
    public static ScoreSummary nothing(int shard, ModelInput input) {
        return new ScoreSummary(
                shard,
                input.pane(),
                input.model(),
                input.baselineId(),
                0,
                0,
                0,
                new long[KINDS],
                0,
                0,
                0,
                0,
                List.of(),
                0,
                0,
                0,
                List.of(),
                new long[Unscored.values().length],
                List.of());
    }

    /** The entry of its merge bucket that it is. */
    public EntryId id() {
        return EntryId.ofModel(EntryId.Kind.SCORES, pane, model, shard);
    }

    /** Whether samples can exceed anything. */
    public boolean limited() {
        return exceedances >= 0;
    }

    public byte[] toBytes() {
        ByteWriter out =
                StateForm.writer(
                        MAGIC, VERSION, FIXED_BYTES + 64 * clients.size() + 64 * trails.size());
        model.write(pane.write(out.int32(shard))).text(baselineId);
        out.int64(samples).int64(unscored).int64(exceedances);
        for (long count : found) {
            out.int64(count);
        }
        out.int64(near).int64(steep).int64(toldSamples).int64(toldExceedances);
        write(clients, out);
        out.int32(references).int32(rank).int64(incomplete);
        RankedSample.write(suspicious, out);
        for (long count : left) {
            out.int64(count);
        }
        write(trails, out);
        return out.toBytes();
    }

    private static void write(List<HeavyHitters.Entry> clients, ByteWriter out) {
        out.int32(clients.size());
        for (HeavyHitters.Entry each : clients) {
            out.text(each.client()).int64(each.estimate());
            out.int64(each.samples()).int64(each.exceedances());
        }
    }

    public static ScoreSummary fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, WITH_ALERTS, VERSION, WHAT);
        int shard = in.int32();
        Pane pane = Pane.read(in);
        ModelKey model = ModelKey.read(in);
        String baselineId = in.requiredText();
        long samples = in.int64();
        long unscored = in.int64();
        long exceedances = in.int64();
        long[] found = counts(in, KINDS);
        if (in.version() == WITH_ALERTS) {
            counts(in, KINDS);
        }
        long near = in.int64();
        long steep = in.int64();
        boolean told = in.version() > WITH_ALERTS;
        long toldSamples = told ? in.int64() : 0;
        long toldExceedances = told ? in.int64() : 0;
        List<HeavyHitters.Entry> clients = clients(in);
        int references = in.version() == WITH_ALERTS ? 0 : in.int32();
        int rank = in.version() == WITH_ALERTS ? 0 : in.int32();
        in.require(
                references >= 0 && rank >= Math.min(1, references) && rank <= references,
                "a rank among the calibration samples",
                List.of(references, rank));
        long incomplete = in.version() > OF_ONE_PART ? in.int64() : 0;
        in.require(incomplete >= 0, "0 incomplete samples or more", incomplete);
        List<RankedSample> suspicious =
                in.version() > OF_ONE_PART ? RankedSample.read(in) : List.of();
        long[] left = new long[Unscored.values().length];
        if (in.version() > WITHOUT_REASONS) {
            left = counts(in, left.length);
        }
        List<HeavyHitters.Entry> trails = in.version() > WITHOUT_TRAILS ? clients(in) : List.of();
        in.end();
        return new ScoreSummary(
                shard,
                pane,
                model,
                baselineId,
                samples,
                unscored,
                exceedances,
                found,
                near,
                steep,
                toldSamples,
                toldExceedances,
                clients,
                references,
                rank,
                incomplete,
                suspicious,
                left,
                trails);
    }

    private static List<HeavyHitters.Entry> clients(ByteReader in) {
        List<HeavyHitters.Entry> clients = new ArrayList<>();
        int count = in.count(LEAST_CLIENT_BYTES);
        for (int i = 0; i < count; i++) {
            clients.add(client(in));
        }
        return clients;
    }

    private static HeavyHitters.Entry client(ByteReader in) {
        String id = in.requiredText();
        long estimate = in.int64();
        long samples = in.int64();
        long exceedances = in.int64();
        in.require(
                estimate >= samples && samples >= Math.max(1, exceedances) && exceedances >= 0,
                "estimate >= samples >= exceedances >= 0 and a sample",
                List.of(estimate, samples, exceedances));
        return new HeavyHitters.Entry(id, estimate, samples, exceedances);
    }

    private static long[] counts(ByteReader in, int count) {
        long[] counts = new long[count];
        for (int i = 0; i < count; i++) {
            counts[i] = in.int64();
        }
        return counts;
    }
}
