package io.spectrawatch.spectral.detect.pairs;

import io.spectrawatch.spectral.detect.combine.MapSums;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Compares each request with the nearest one that its client sent shortly before.
 *
 * <p>An adversarial example lies close to the input it was made from, and the model's answer moves
 * further between the two than it does between clean inputs as close as that. Whoever sends both,
 * or searches in small steps, shows it by the pair, whether or not the example looks unusual by
 * itself.
 *
 * <p>Rows of a block come first, then their samples are observed in order, then {@link #clear}.
 * What is remembered determines the inputs' projections: it must not leave the process but as
 * state.
 */
public final class ClientPairs implements Scorer.MapRows {
    /**
     * Layout of {@link #toBytes()}, big-endian:
     *
     * <pre>
     *   int magic "SWCP" | int version = 2 | int width | int p | recent requests
     * </pre>
     *
     * <p>Requests of version 1 had no depth.
     */
    private static final int MAGIC = 0x53574350;

    private static final int VERSION = 2;

    private static final int WITHOUT_DEPTHS = 1;

    /** P-values of a pair go by these names beside those of the scores. */
    public static final String GAIN = "client-pair-gain";

    /** The name of the lift's. */
    public static final String LIFT = "client-pair-lift";

    private final PairTable table;
    private final int classes;
    private final RecentRequests recent;
    private final SampleMeans means;

    public ClientPairs(PairTable table, int classes, RecentRequests recent) {
        this.table = table;
        this.classes = classes;
        this.recent = recent;
        this.means = new SampleMeans(table.dimension());
    }

    @Override
    public void row(int sample, double norm, double[] input, double[] images, int at) {
        means.row(sample, norm, input, images, at);
    }

    /** Adds a row to the sums of a sample that several calls bring. */
    public void add(MapSums sums, double[] input, double[] images, int at) {
        sums.add(input, images, at, table.dimension());
    }

    /** Returns how many bytes such sums take. */
    public long sumBytes() {
        return Double.BYTES * (long) (table.width() + table.dimension());
    }

    /** Whether calibration had enough pairs to compare with; without them nothing is remembered. */
    public boolean calibrated() {
        return table.farthest() > 0;
    }

    /**
     * Compares a sample whose rows were given with the nearest request its client sent before, then
     * remembers it.
     *
     * @param sample as its rows named it
     * @param id by which a later pair names it
     * @param offset by which too, where the sample stands in the log
     * @param answer its predicted class, 0 where classes are pooled
     * @return null if the client sent nothing that near, or nothing else than repeats
     */
    public NearPair observe(int sample, String client, String id, long offset, int answer) {
        return observe(means.of(sample), client, id, offset, answer);
    }

    /**
     * Compares a sample likewise whose rows were added up by {@link #add}.
     *
     * @param sums over one row or more
     */
    public NearPair observe(MapSums sums, String client, String id, long offset, int answer) {
        RecentRequests.Request request =
                table.request(id, offset, answer, sums.input(), sums.image());
        RecentRequests.Near near =
                recent.observe(client, request, table.repeat(), table.farthest(), table.nearest());
        return near == null ? null : table.judge(near);
    }

    /** Returns how many bytes the requests take that can be remembered, about. */
    public long mostBytes() {
        return recent.mostBytes(table.width(), table.dimension());
    }

    /** Forgets the rows given; requests stay remembered. */
    public void clear() {
        means.clear();
    }

    /** Returns what is remembered, in the versioned layout drawn beside the constants. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(table.width());
            out.writeInt(table.dimension());
            recent.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("client pairs: cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Restores what {@link #toBytes} wrote into an empty memory; of more than there is room for,
     * what came last.
     *
     * @throws IllegalArgumentException if the bytes are anything else, or of a detector with other
     *     dimensions
     */
    public void restore(byte[] bytes) {
        try (DetectorInput in = new DetectorInput(bytes)) {
            in.integer("magic", MAGIC, MAGIC);
            int version = in.integer("version", WITHOUT_DEPTHS, VERSION);
            in.integer("width", table.width(), table.width());
            in.integer("dimension", table.dimension(), table.dimension());
            recent.read(in, table.width(), table.dimension(), classes, version > WITHOUT_DEPTHS);
            in.end();
        } catch (IOException e) {
            String reason = e instanceof EOFException ? "they end early" : e.getMessage();
            throw new IllegalArgumentException(
                    "client pairs of " + bytes.length + " bytes: " + reason, e);
        }
    }
}
