package io.spectrawatch.spectral.baseline;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.detect.Detector;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The canonical binary form of a {@link ModelBaseline}: one value, one sequence of bytes. */
final class BaselineCodec {
    /*
     * Big-endian; text and bytes are int32 length + content:
     *
     *   0  int32  magic "SWMB"
     *   4  int32  version: 1, or 2 where a layer has a tap or the reference was a segment
     *   8  int32  schema version of the rows
     *  12  text   model, version, digest
     *  ..  int64  split seed
     *  ..  int64  reference rows
     *  ..  text   version 2: segment, absent for none
     *  ..  int32  ranges, each int32 shard, int64 first offset, int64 last offset
     *  ..  int32  windows, each bytes in its own canonical form, ascending by id, each once
     *  ..  int32  layers, each int32 index, text name, in version 2 text tap, absent for none,
     *             int32 columns, int32 window (place in the list before), fp64 energy per row,
     *             fp64 mean[columns], int32 n, fp64 spectrum[n]
     *  ..  int32  interfaces, each int32 x, int32 y (places among the layers), bytes in its own
     *             canonical form
     *  ..  bytes  detector in its own form, empty for none
     */
    private static final int MAGIC = 0x53574D42;
    private static final int VERSION = 1;

    /** Written only where it says more: what was calibrated before has the same id again. */
    private static final int WITH_TAPS = 2;

    private static final int USUAL_BYTES = 1 << 16;

    private BaselineCodec() {}

    static byte[] encode(ModelBaseline baseline) {
        TreeMap<String, FrozenWindow> windows = new TreeMap<>();
        baseline.layers().forEach(layer -> windows.put(layer.window().id(), layer.window()));
        List<String> order = List.copyOf(windows.keySet());
        ByteWriter out = new ByteWriter(ByteOrder.BIG_ENDIAN, USUAL_BYTES);
        boolean taps = saysMore(baseline.provenance(), baseline.layers());
        out.int32(MAGIC).int32(taps ? WITH_TAPS : VERSION).int32(baseline.schemaVersion());
        out.text(baseline.model()).text(baseline.version()).text(baseline.digest());
        write(out, baseline.provenance(), taps);
        out.int32(windows.size());
        windows.values().forEach(window -> out.bytes(window.toBytes()));
        out.int32(baseline.layers().size());
        for (LayerBaseline layer : baseline.layers()) {
            write(out, layer, order.indexOf(layer.window().id()), taps);
        }
        out.int32(baseline.interfaces().size());
        for (ModelInterface each : baseline.interfaces()) {
            out.int32(each.x()).int32(each.y()).bytes(each.certificate().toBytes());
        }
        out.bytes(baseline.detector().map(Detector::toBytes).orElse(new byte[0]));
        return out.toBytes();
    }

    private static boolean saysMore(Provenance provenance, List<LayerBaseline> layers) {
        return provenance.segment() != null || layers.stream().anyMatch(each -> each.tap() != null);
    }

    private static void write(ByteWriter out, Provenance provenance, boolean taps) {
        out.int64(provenance.splitSeed()).int64(provenance.rows());
        if (taps) {
            out.text(provenance.segment());
        }
        out.int32(provenance.ranges().size());
        for (Provenance.ShardRange range : provenance.ranges()) {
            out.int32(range.shard()).int64(range.firstOffset()).int64(range.lastOffset());
        }
    }

    private static void write(ByteWriter out, LayerBaseline layer, int window, boolean taps) {
        out.int32(layer.index()).text(layer.name());
        if (taps) {
            out.text(layer.tap());
        }
        out.int32(layer.columns()).int32(window);
        out.fp64(layer.energyPerRow()).fp64(layer.mean());
        double[] spectrum = layer.spectrum();
        out.int32(spectrum.length).fp64(spectrum);
    }

    static ModelBaseline decode(byte[] bytes) {
        try {
            return read(bytes);
        } catch (BaselineFormatException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new BaselineFormatException("baseline bytes: " + e.getMessage(), e);
        }
    }

    private static ModelBaseline read(byte[] bytes) {
        ByteReader in =
                new ByteReader(
                        bytes,
                        ByteOrder.BIG_ENDIAN,
                        "baseline bytes",
                        BaselineFormatException::new);
        in.magic(MAGIC, "baseline");
        in.version(in.int32(), VERSION, WITH_TAPS);
        int schema = in.int32();
        String model = in.requiredText();
        String modelVersion = in.requiredText();
        String digest = in.requiredText();
        Provenance provenance = provenance(in);
        List<FrozenWindow> windows = windows(in);
        List<LayerBaseline> layers = layers(in, windows);
        in.require(
                in.version() == VERSION || saysMore(provenance, layers),
                "a tap or a segment in version " + WITH_TAPS,
                "none");
        List<ModelInterface> interfaces = interfaces(in, layers);
        byte[] detector = in.bytes();
        in.end();
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

    private static Provenance provenance(ByteReader in) {
        long seed = in.int64();
        long rows = in.int64();
        String segment = in.version() == WITH_TAPS ? in.optionalText() : null;
        int count = in.count(Integer.BYTES + 2 * Long.BYTES);
        List<Provenance.ShardRange> ranges = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ranges.add(new Provenance.ShardRange(in.int32(), in.int64(), in.int64()));
        }
        return new Provenance(ranges, seed, rows, segment);
    }

    private static List<FrozenWindow> windows(ByteReader in) {
        int count = in.count(Integer.BYTES);
        List<FrozenWindow> windows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            FrozenWindow window = FrozenWindow.fromBytes(in.bytes());
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

    private static List<LayerBaseline> layers(ByteReader in, List<FrozenWindow> windows) {
        int count = in.count(Integer.BYTES);
        List<LayerBaseline> layers = new ArrayList<>(count);
        boolean[] used = new boolean[windows.size()];
        for (int i = 0; i < count; i++) {
            int index = in.int32();
            String name = in.requiredText();
            String tap = in.version() == WITH_TAPS ? in.optionalText() : null;
            int columns = in.int32();
            int window = place(in, windows.size(), "windows");
            used[window] = true;
            double energy = in.fp64();
            double[] mean = in.fp64(columns);
            layers.add(
                    new LayerBaseline(
                            index,
                            name,
                            columns,
                            windows.get(window),
                            mean,
                            energy,
                            in.fp64(in.int32()),
                            tap));
        }
        for (int i = 0; i < used.length; i++) {
            if (!used[i]) {
                throw new BaselineFormatException(
                        "baseline bytes: no layer uses window " + windows.get(i).id());
            }
        }
        return layers;
    }

    private static List<ModelInterface> interfaces(ByteReader in, List<LayerBaseline> layers) {
        int count = in.count(2 * Integer.BYTES);
        List<ModelInterface> interfaces = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int x = place(in, layers.size(), "layers");
            int y = place(in, layers.size(), "layers");
            InterfaceBaseline certificate =
                    InterfaceBaseline.fromBytes(
                            in.bytes(), layers.get(x).window(), layers.get(y).window());
            interfaces.add(new ModelInterface(x, y, certificate));
        }
        return interfaces;
    }

    private static int place(ByteReader in, int size, String of) {
        int place = in.int32();
        if (place < 0 || place >= size) {
            throw in.bad("a place among " + size + " " + of, place);
        }
        return place;
    }
}
