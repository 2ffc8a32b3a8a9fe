package io.spectrawatch.spectral.baseline;

import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.detect.Detector;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The canonical binary form of a {@link ModelBaseline}: one value, one sequence of bytes. */
final class BaselineCodec {
    /*
     * Big-endian; text and bytes are int32 length + content:
     *
     *   0  int32  magic "SWMB"
     *   4  int32  version (1)
     *   8  int32  schema version of the rows
     *  12  text   model, version, digest
     *  ..  int64  split seed
     *  ..  int64  reference rows
     *  ..  int32  ranges, each int32 shard, int64 first offset, int64 last offset
     *  ..  int32  windows, each bytes in its own canonical form, ascending by id, each once
     *  ..  int32  layers, each int32 index, text name, int32 columns, int32 window (place in the
     *             list before), fp64 energy per row, fp64 mean[columns], int32 n, fp64 spectrum[n]
     *  ..  int32  interfaces, each int32 x, int32 y (places among the layers), bytes in its own
     *             canonical form
     *  ..  bytes  detector in its own form, empty for none
     */
    private static final int MAGIC = 0x53574D42;
    private static final int VERSION = 1;

    private BaselineCodec() {}

    static byte[] encode(ModelBaseline baseline) {
        TreeMap<String, FrozenWindow> windows = new TreeMap<>();
        baseline.layers().forEach(layer -> windows.put(layer.window().id(), layer.window()));
        List<String> order = List.copyOf(windows.keySet());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(baseline.schemaVersion());
            write(out, baseline.model().getBytes(StandardCharsets.UTF_8));
            write(out, baseline.version().getBytes(StandardCharsets.UTF_8));
            write(out, baseline.digest().getBytes(StandardCharsets.UTF_8));
            write(out, baseline.provenance());
            out.writeInt(windows.size());
            for (FrozenWindow window : windows.values()) {
                write(out, window.toBytes());
            }
            out.writeInt(baseline.layers().size());
            for (LayerBaseline layer : baseline.layers()) {
                write(out, layer, order.indexOf(layer.window().id()));
            }
            out.writeInt(baseline.interfaces().size());
            for (ModelInterface each : baseline.interfaces()) {
                out.writeInt(each.x());
                out.writeInt(each.y());
                write(out, each.certificate().toBytes());
            }
            write(out, baseline.detector().map(Detector::toBytes).orElse(new byte[0]));
        } catch (IOException e) {
            throw new UncheckedIOException("baseline: cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte[] content) throws IOException {
        out.writeInt(content.length);
        out.write(content);
    }

    private static void write(DataOutputStream out, Provenance provenance) throws IOException {
        out.writeLong(provenance.splitSeed());
        out.writeLong(provenance.rows());
        out.writeInt(provenance.ranges().size());
        for (Provenance.ShardRange range : provenance.ranges()) {
            out.writeInt(range.shard());
            out.writeLong(range.firstOffset());
            out.writeLong(range.lastOffset());
        }
    }

    private static void write(DataOutputStream out, LayerBaseline layer, int window)
            throws IOException {
        out.writeInt(layer.index());
        write(out, layer.name().getBytes(StandardCharsets.UTF_8));
        out.writeInt(layer.columns());
        out.writeInt(window);
        out.writeDouble(layer.energyPerRow());
        for (double value : layer.mean()) {
            out.writeDouble(value);
        }
        double[] spectrum = layer.spectrum();
        out.writeInt(spectrum.length);
        for (double value : spectrum) {
            out.writeDouble(value);
        }
    }

    static ModelBaseline decode(byte[] bytes) {
        try {
            return new Reader(bytes).baseline();
        } catch (BaselineFormatException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new BaselineFormatException("baseline bytes: " + e.getMessage(), e);
        }
    }

    private static final class Reader {
        private final ByteBuffer in;

        Reader(byte[] bytes) {
            this.in = ByteBuffer.wrap(bytes);
        }

        ModelBaseline baseline() {
            if (in.remaining() < Integer.BYTES || in.getInt() != MAGIC) {
                throw new BaselineFormatException(
                        "baseline bytes: not a baseline (" + in.limit() + " bytes)");
            }
            int version = int32();
            if (version != VERSION) {
                throw new BaselineFormatException(
                        "baseline bytes: known version " + VERSION + ", found " + version);
            }
            int schema = int32();
            String model = text();
            String modelVersion = text();
            String digest = text();
            Provenance provenance = provenance();
            List<FrozenWindow> windows = windows();
            List<LayerBaseline> layers = layers(windows);
            List<ModelInterface> interfaces = interfaces(layers);
            byte[] detector = content(int32());
            if (in.hasRemaining()) {
                throw new BaselineFormatException(
                        "baseline bytes: " + in.remaining() + " bytes too many");
            }
            return new ModelBaseline(
                    model,
                    modelVersion,
                    digest,
                    schema,
                    layers,
                    interfaces,
                    detector.length == 0 ? null : Detector.fromBytes(detector),
                    provenance);
        }

        private Provenance provenance() {
            long seed = int64();
            long rows = int64();
            int count = count(Integer.BYTES + 2 * Long.BYTES);
            List<Provenance.ShardRange> ranges = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                ranges.add(new Provenance.ShardRange(int32(), int64(), int64()));
            }
            return new Provenance(ranges, seed, rows);
        }

        private List<FrozenWindow> windows() {
            int count = count(Integer.BYTES);
            List<FrozenWindow> windows = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                FrozenWindow window = FrozenWindow.fromBytes(content(int32()));
                if (i > 0 && windows.get(i - 1).id().compareTo(window.id()) >= 0) {
                    throw new BaselineFormatException(
                            "baseline bytes: windows ascending by id expected, found "
                                    + window.id()
                                    + " at place "
                                    + i);
                }
                windows.add(window);
            }
            return windows;
        }

        private List<LayerBaseline> layers(List<FrozenWindow> windows) {
            int count = count(Integer.BYTES);
            List<LayerBaseline> layers = new ArrayList<>(count);
            boolean[] used = new boolean[windows.size()];
            for (int i = 0; i < count; i++) {
                int index = int32();
                String name = text();
                int columns = int32();
                int window = place(windows.size(), "windows");
                used[window] = true;
                double energy = Double.longBitsToDouble(int64());
                double[] mean = fp64(columns);
                layers.add(
                        new LayerBaseline(
                                index,
                                name,
                                columns,
                                windows.get(window),
                                mean,
                                energy,
                                fp64(int32())));
            }
            for (int i = 0; i < used.length; i++) {
                if (!used[i]) {
                    throw new BaselineFormatException(
                            "baseline bytes: no layer uses window " + windows.get(i).id());
                }
            }
            return layers;
        }

        private List<ModelInterface> interfaces(List<LayerBaseline> layers) {
            int count = count(2 * Integer.BYTES);
            List<ModelInterface> interfaces = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int x = place(layers.size(), "layers");
                int y = place(layers.size(), "layers");
                InterfaceBaseline certificate =
                        InterfaceBaseline.fromBytes(
                                content(int32()), layers.get(x).window(), layers.get(y).window());
                interfaces.add(new ModelInterface(x, y, certificate));
            }
            return interfaces;
        }

        private int place(int size, String of) {
            int place = int32();
            if (place < 0 || place >= size) {
                throw new BaselineFormatException(
                        "baseline bytes: a place among "
                                + size
                                + " "
                                + of
                                + " expected, found "
                                + place);
            }
            return place;
        }

        private int int32() {
            return need(Integer.BYTES).getInt();
        }

        private long int64() {
            return need(Long.BYTES).getLong();
        }

        private double[] fp64(int count) {
            need((long) count * Double.BYTES);
            double[] values = new double[count];
            in.asDoubleBuffer().get(values);
            in.position(in.position() + count * Double.BYTES);
            return values;
        }

        private int count(int entryBytes) {
            int count = int32();
            need((long) count * entryBytes);
            return count;
        }

        private String text() {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(content(int32())))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new BaselineFormatException("baseline bytes: UTF-8 text expected", e);
            }
        }

        private byte[] content(int length) {
            need(length);
            byte[] content = new byte[length];
            in.get(content);
            return content;
        }

        private ByteBuffer need(long bytes) {
            if (bytes < 0 || bytes > in.remaining()) {
                throw new BaselineFormatException(
                        "baseline bytes: "
                                + bytes
                                + " more expected at offset "
                                + in.position()
                                + ", found "
                                + in.remaining());
            }
            return in;
        }
    }
}
