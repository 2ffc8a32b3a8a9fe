package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.BinaryReader;
import io.spectrawatch.flink.log.BinaryWriter;
import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.flink.log.Pane;

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
record PaneJudgement(
        int shard, Pane pane, ModelKey model, String baselineId, String refusal, long unpaired) {

    private static final int MAGIC = 0x5357504A;
    private static final int VERSION = 1;
    private static final String WHAT = "pane judgement";
    private static final int FIXED_BYTES = 256;

    static boolean matches(byte[] payload) {
        return BinaryReader.hasMagic(payload, MAGIC);
    }

    byte[] toBytes() {
        BinaryWriter out = new BinaryWriter(MAGIC, VERSION, FIXED_BYTES);
        model.write(pane.write(out.int32(shard)));
        return out.text(baselineId).text(refusal).int64(unpaired).toBytes();
    }

    static PaneJudgement fromBytes(byte[] bytes) {
        BinaryReader in = new BinaryReader(bytes, MAGIC, VERSION, WHAT);
        PaneJudgement judgement =
                new PaneJudgement(
                        in.int32(),
                        Pane.read(in),
                        ModelKey.read(in),
                        in.text(),
                        in.text(),
                        in.int64());
        in.end();
        return judgement;
    }
}
