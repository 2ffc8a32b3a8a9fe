package io.spectrawatch.flink.calibrate.window;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.baseline.LayerBaseline;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Spectrum;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Arrays;

/**
 * What the first stage freezes of a layer: anchor = mean, window = leading directions or chosen
 * channels, spectrum; or why it cannot.
 *
 * <pre>
 *   "SWCR", version 2
 *   text x 3   model, version, digest
 *   int32      layer index
 *   text       layer
 *   int32      columns
 *   int64      rows
 *   text       why there is no window, absent if there is one
 *   bytes      window in its canonical form, empty for none
 *   fp64       energy of the rows inside the window
 *   fp64 x 5   ledger: delta plus, delta minus, shed, energy, roundoff
 *   int32      number of eigenvalues, fp64 each
 * </pre>
 */
public record LayerReference(
        ModelKey model,
        LayerKey layer,
        long rows,
        String refusal,
        byte[] windowBytes,
        double inside,
        double[] ledgerValues,
        double[] eigenvalues)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final int MAGIC = 0x53574352;
    private static final int VERSION = 2;
    private static final String WHAT = "layer reference";
    private static final int LEDGER_VALUES = 5;

    /** Leading eigenvalues kept, as many as the monitor job publishes unless configured. */
    private static final int SPECTRUM_LENGTH = 64;

    /**
     * Takes the window from a layer's merged sketch.
     *
     * @param windowRank most directions; no more than carry energy beyond rounding are taken
     * @param channels ascending channels that are the window instead, or null
     * @param leastRows rows below which there is no window
     */
    static LayerReference of(
            ModelKey model,
            LayerKey layer,
            SecondMomentSketch sketch,
            int windowRank,
            int[] channels,
            long leastRows) {
        if (sketch.rows() < leastRows) {
            return refused(
                    model,
                    layer,
                    sketch.rows(),
                    "too few rows for a window: " + leastRows + " needed, found " + sketch.rows());
        }
        Spectrum spectrum = sketch.spectrum(windowRank);
        double[] eigenvalues = spectrum.eigenvalues();
        Ledger ledger = spectrum.ledger();
        int rank = 0;
        while (rank < spectrum.basisVectors() && eigenvalues[rank] > ledger.roundoff()) {
            rank++;
        }
        if (rank == 0) {
            return refused(model, layer, sketch.rows(), "its rows do not differ beyond rounding");
        }
        if (channels != null && channels[channels.length - 1] >= layer.columns()) {
            return refused(
                    model,
                    layer,
                    sketch.rows(),
                    "channel "
                            + channels[channels.length - 1]
                            + " was chosen, it has channels 0 to "
                            + (layer.columns() - 1));
        }
        FrozenWindow window =
                channels == null
                        ? FrozenWindow.ofBasis(
                                sketch.mean(),
                                Arrays.copyOf(spectrum.basis(), rank * layer.columns()))
                        : FrozenWindow.ofChannels(sketch.mean(), channels);
        int kept = Math.min(eigenvalues.length, Math.max(SPECTRUM_LENGTH, rank + 1));
        return new LayerReference(
                model,
                layer,
                sketch.rows(),
                null,
                window.toBytes(),
                channels == null
                        ? Arrays.stream(eigenvalues, 0, rank).sum()
                        : energy(sketch, channels),
                new double[] {
                    ledger.deltaPlus(),
                    ledger.deltaMinus(),
                    ledger.shed(),
                    ledger.energy(),
                    ledger.roundoff()
                },
                Arrays.copyOf(eigenvalues, kept));
    }

    private static LayerReference refused(
            ModelKey model, LayerKey layer, long rows, String reason) {
        return new LayerReference(
                model,
                layer,
                rows,
                reason,
                new byte[0],
                0,
                new double[LEDGER_VALUES],
                new double[0]);
    }

    /** Sum of e_c^T B^T B e_c over channels c. */
    private static double energy(SecondMomentSketch sketch, int[] channels) {
        int d = sketch.dimension();
        DoubleBuffer unit = doubles(d);
        DoubleBuffer product = doubles(d);
        double sum = 0;
        for (int channel : channels) {
            unit.put(channel, 1);
            sketch.multiply(1, unit, product);
            unit.put(channel, 0);
            sum += product.get(channel);
        }
        return sum;
    }

    private static DoubleBuffer doubles(int count) {
        return ByteBuffer.allocateDirect(count * Double.BYTES)
                .order(ByteOrder.nativeOrder())
                .asDoubleBuffer();
    }

    public boolean hasWindow() {
        return refusal == null;
    }

    public FrozenWindow window() {
        return FrozenWindow.fromBytes(windowBytes);
    }

    /** The spectrum without its vectors. */
    public Spectrum spectrum() {
        double[] l = ledgerValues;
        return new Spectrum(
                layer.columns(),
                rows,
                eigenvalues,
                new double[0],
                new Ledger(l[0], l[1], l[2], l[3], l[4]));
    }

    /**
     * The layer as a baseline keeps it: covariance instead of second moment.
     *
     * @param tap what exactly its rows are; null where that is not known
     */
    public LayerBaseline baseline(FrozenWindow window, String tap) {
        double[] covariance = eigenvalues.clone();
        for (int i = 0; i < covariance.length; i++) {
            covariance[i] /= rows;
        }
        return new LayerBaseline(
                layer.index(),
                layer.name(),
                layer.columns(),
                window,
                window.anchor(),
                spectrum().ledger().energy() / rows,
                covariance,
                tap);
    }

    static boolean matches(byte[] payload) {
        return StateForm.hasMagic(payload, MAGIC);
    }

    public byte[] toBytes() {
        int size = windowBytes.length + (LEDGER_VALUES + eigenvalues.length) * Double.BYTES;
        ByteWriter out = StateForm.writer(MAGIC, VERSION, 512 + size);
        layer.write(model.write(out)).int64(rows).text(refusal).bytes(windowBytes);
        out.int64(Double.doubleToLongBits(inside));
        for (double value : ledgerValues) {
            out.int64(Double.doubleToLongBits(value));
        }
        out.int32(eigenvalues.length);
        for (double value : eigenvalues) {
            out.int64(Double.doubleToLongBits(value));
        }
        return out.toBytes();
    }

    public static LayerReference fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        ModelKey model = ModelKey.read(in);
        LayerKey layer = LayerKey.read(in);
        long rows = in.int64();
        String refusal = in.optionalText();
        byte[] window = in.bytes();
        double inside = doubles(in, 1)[0];
        double[] ledger = doubles(in, LEDGER_VALUES);
        double[] eigenvalues = doubles(in, in.count(Double.BYTES));
        in.end();
        return new LayerReference(model, layer, rows, refusal, window, inside, ledger, eigenvalues);
    }

    private static double[] doubles(ByteReader in, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = Double.longBitsToDouble(in.int64());
            in.require(Double.isFinite(values[i]), "finite numbers", values[i]);
        }
        return values;
    }
}
