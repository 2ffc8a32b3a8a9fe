package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.detect.attack.BeatCounts;
import java.util.List;

/**
 * What one beat added to an open pane of a model on one shard.
 *
 * <pre>
 *   "SWPB", version 2
 *   int32      shard
 *   int64      beat
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest
 *   text       baseline
 *   int64 x 4  samples and exceedances of the beat, clients and clients exceeding of the pane so far
 *   int32      most suspicious samples of the pane so far, each as {@link RankedSample} writes it;
 *              absent in version 1
 * </pre>
 *
 * @param beat the whole beats of log time that had passed at the tick which ended it
 * @param suspicious the most suspicious samples of the pane so far on the shard
 */
public record BeatSummary(
        int shard,
        long beat,
        Pane pane,
        ModelKey model,
        String baselineId,
        BeatCounts counts,
        List<RankedSample> suspicious) {

    private static final int MAGIC = 0x53575042;
    private static final int VERSION = 2;

    /** The version that named no samples. */
    private static final int NAMELESS = 1;

    private static final String WHAT = "pane beat";
    private static final int FIXED_BYTES = 256;

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES);
        write(out);
        return out.toBytes();
    }

    void write(ByteWriter out) {
        model.write(pane.write(out.int32(shard).int64(beat))).text(baselineId);
        out.int64(counts.samples()).int64(counts.exceedances());
        out.int64(counts.clients()).int64(counts.clientsExceeding());
        RankedSample.write(suspicious, out);
    }

    public static BeatSummary fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, NAMELESS, VERSION, WHAT);
        BeatSummary beat = read(in);
        in.end();
        return beat;
    }

    static BeatSummary read(ByteReader in) {
        int shard = in.int32();
        long beat = in.int64();
        Pane pane = Pane.read(in);
        ModelKey model = ModelKey.read(in);
        String baselineId = in.requiredText();
        BeatCounts counts = counts(in);
        List<RankedSample> suspicious = in.version() > NAMELESS ? RankedSample.read(in) : List.of();
        return new BeatSummary(shard, beat, pane, model, baselineId, counts, suspicious);
    }

    private static BeatCounts counts(ByteReader in) {
        long samples = in.int64();
        long exceedances = in.int64();
        long clients = in.int64();
        long exceeding = in.int64();
        in.require(
                exceedances >= 0
                        && exceedances <= samples
                        && exceeding >= 0
                        && exceeding <= clients,
                "parts of samples and of clients",
                exceedances + " of " + samples + ", " + exceeding + " of " + clients);
        return new BeatCounts(samples, exceedances, clients, exceeding);
    }
}
