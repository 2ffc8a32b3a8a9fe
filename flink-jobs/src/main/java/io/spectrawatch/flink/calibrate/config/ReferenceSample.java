package io.spectrawatch.flink.calibrate.config;

import io.spectrawatch.flink.log.DetectorLayers;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of one sample in all layers that a detector looks at.
 *
 * <pre>
 *   "SWRS", version 2
 *   int32  place: the seeded hash of the id
 *   text   id
 *   int32  shard
 *   int64  number of the sample on its shard
 *   int32  rows
 *   int32  taps, each text name, text role, int32 columns, flag whether the sample has one row,
 *          bytes rows x columns fp32 little-endian
 * </pre>
 *
 * <p>Version 1 has no flags: the sample has all rows in all taps.
 */
public record ReferenceSample(
        int place,
        String id,
        int shard,
        long number,
        int rows,
        List<Tap> taps,
        List<float[]> values) {

    private static final int MAGIC = 0x53575253;
    private static final int VERSION = 2;
    private static final int SAME_ROWS_VERSION = 1;
    private static final String WHAT = "reference sample";
    private static final int TEXT_COLUMNS = DetectorLayers.TEXT.dimension();
    private static final int FIXED_BYTES = 256;
    private static final int LEAST_TAP_BYTES = 4 * Integer.BYTES;

    /**
     * Copies the rows of a sample out of layers.
     *
     * @param sample its place in the snapshot
     */
    public static ReferenceSample of(
            int place, String id, int sample, DetectorLayers layers, int shard, long number) {
        int[] own = rowsOf(layers.lead(), layers.owners(), sample);
        List<Tap> taps = new ArrayList<>();
        List<float[]> values = new ArrayList<>();
        for (int t = 0; t < layers.size(); t++) {
            Layer layer = layers.layer(t);
            if (layers.ofSample(t)) {
                int row = layers.rowOf(t, sample);
                taps.add(DetectorLayers.TEXT);
                values.add(row < 0 ? new float[TEXT_COLUMNS] : copy(layer, new int[] {row}));
            } else {
                TapRole role = TapRole.valueOf(layer.getRole().name());
                taps.add(new Tap(layer.getName(), role, layer.getColumns()));
                values.add(copy(layer, own));
            }
        }
        return new ReferenceSample(place, id, shard, number, own.length, taps, values);
    }

    private static float[] copy(Layer layer, int[] rows) {
        int d = layer.getColumns();
        float[] values = new float[rows.length * d];
        for (int i = 0; i < rows.length; i++) {
            DetectorLayers.toFloats(layer, rows[i], 1, values, i * d);
        }
        return values;
    }

    private static int[] rowsOf(Layer layer, int[] owners, int sample) {
        int[] rows = new int[layer.getRows()];
        int count = 0;
        for (int row = 0; row < layer.getRows(); row++) {
            if (owners[row] == sample) {
                rows[count++] = row;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    public byte[] toBytes() {
        int bytes = FIXED_BYTES;
        for (float[] rowsOfTap : values) {
            bytes += rowsOfTap.length * Float.BYTES;
        }
        ByteWriter out = StateForm.writer(MAGIC, VERSION, bytes);
        out.int32(place).text(id).int32(shard).int64(number).int32(rows).int32(taps.size());
        for (int t = 0; t < taps.size(); t++) {
            Tap tap = taps.get(t);
            float[] own = values.get(t);
            ByteBuffer data =
                    ByteBuffer.allocate(own.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            data.asFloatBuffer().put(own);
            out.text(tap.name()).text(tap.role().name()).int32(tap.dimension());
            out.flag(tap.ofSample()).bytes(data.array());
        }
        return out.toBytes();
    }

    public static ReferenceSample fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, SAME_ROWS_VERSION, VERSION, WHAT);
        int place = in.int32();
        String id = in.requiredText();
        int shard = in.int32();
        long number = in.int64();
        int rows = in.int32();
        in.require(rows >= 1, "at least one row", rows);
        int count = in.count(LEAST_TAP_BYTES);
        List<Tap> taps = new ArrayList<>();
        List<float[]> values = new ArrayList<>();
        for (int t = 0; t < count; t++) {
            Tap tap = tap(in);
            byte[] data = in.bytes();
            long expected = (tap.ofSample() ? 1L : rows) * tap.dimension() * Float.BYTES;
            in.require(data.length == expected, expected + " bytes of rows", data.length);
            float[] own = new float[data.length / Float.BYTES];
            ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(own);
            taps.add(tap);
            values.add(own);
        }
        in.end();
        return new ReferenceSample(place, id, shard, number, rows, taps, values);
    }

    private static Tap tap(ByteReader in) {
        String name = in.requiredText();
        String role = in.requiredText();
        int columns = in.int32();
        boolean known = Arrays.stream(TapRole.values()).anyMatch(r -> r.name().equals(role));
        in.require(known, "one of " + List.of(TapRole.values()), role);
        in.require(columns >= 1, "at least one column", columns);
        boolean ofSample = in.version() == VERSION && in.flag();
        in.require(!ofSample || !role.equals(TapRole.LOGITS.name()), "logits of every row", name);
        return new Tap(name, TapRole.valueOf(role), columns, ofSample);
    }
}
