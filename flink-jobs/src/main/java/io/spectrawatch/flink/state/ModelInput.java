package io.spectrawatch.flink.state;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;

/**
 * The snapshots of one model that entered one pane on one shard.
 *
 * <pre>
 *   "SWMI", version 1
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest
 *   int64      first offset
 *   int64      last offset
 *   int64      snapshots
 *   bytes      SHA-256 chain over their values
 *   text       baseline in force when the first of them came, absent for none
 * </pre>
 */
public record ModelInput(
        Pane pane,
        ModelKey model,
        long firstOffset,
        long lastOffset,
        long snapshots,
        byte[] chain,
        String baselineId) {

    private static final int MAGIC = 0x53574D49;
    private static final int VERSION = 1;
    private static final String WHAT = "model input";
    private static final int FIXED_BYTES = 160;

    /** Nothing yet. */
    public static ModelInput start(Pane pane, ModelKey model) {
        return new ModelInput(pane, model, -1, -1, 0, InputChain.start(), null);
    }

    /** With one more snapshot. */
    public ModelInput plus(long offset, byte[] valueDigest, InputChain hash) {
        return new ModelInput(
                pane,
                model,
                snapshots == 0 ? offset : firstOffset,
                offset,
                snapshots + 1,
                hash.next(chain, valueDigest),
                baselineId);
    }

    /** With the baseline in force; null for none. */
    public ModelInput withBaseline(String id) {
        return new ModelInput(pane, model, firstOffset, lastOffset, snapshots, chain, id);
    }

    private boolean isConsistent() {
        boolean none = snapshots == 0 && firstOffset == -1 && lastOffset == -1;
        boolean some =
                snapshots > 0 && firstOffset >= 0 && lastOffset - firstOffset >= snapshots - 1;
        return (none || some) && chain.length == InputChain.BYTES;
    }

    /** The versioned binary form. */
    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES);
        model.write(pane.write(out)).int64(firstOffset).int64(lastOffset).int64(snapshots);
        return out.bytes(chain).text(baselineId).toBytes();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalStateException if the bytes are anything else
     */
    public static ModelInput fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        ModelInput input =
                new ModelInput(
                        Pane.read(in),
                        ModelKey.read(in),
                        in.int64(),
                        in.int64(),
                        in.int64(),
                        in.bytes(),
                        in.optionalText());
        in.end();
        in.require(
                input.isConsistent(),
                "as many snapshots as fit between the offsets, and a chain of "
                        + InputChain.BYTES
                        + " bytes",
                input);
        return input;
    }
}
