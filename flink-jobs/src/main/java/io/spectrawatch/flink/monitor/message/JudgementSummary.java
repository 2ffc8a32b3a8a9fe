package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;

/**
 * How a shard judged one model in one pane: by which baseline, or why not.
 *
 * <pre>
 *   "SWPJ", version 1
 *   int32      shard
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest
 *   text       baseline
 *   text       why it was refused, absent if it was not
 *   int64      snapshots that gave some interface no rows, because its layers did not hold the
 *              same rows
 * </pre>
 */
public record JudgementSummary(
        int shard, Pane pane, ModelKey model, String baselineId, String refusal, long unpaired) {

    private static final int MAGIC = 0x5357504A;
    private static final int VERSION = 1;
    private static final String WHAT = "pane judgement";
    private static final int FIXED_BYTES = 256;

    /** The entry of its merge bucket that it is. */
    public EntryId id() {
        return EntryId.ofModel(EntryId.Kind.JUDGEMENT, pane, model, shard);
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES);
        model.write(pane.write(out.int32(shard)));
        return out.text(baselineId).text(refusal).int64(unpaired).toBytes();
    }

    public static JudgementSummary fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        JudgementSummary judgement =
                new JudgementSummary(
                        in.int32(),
                        Pane.read(in),
                        ModelKey.read(in),
                        in.optionalText(),
                        in.optionalText(),
                        in.int64());
        in.end();
        return judgement;
    }
}
