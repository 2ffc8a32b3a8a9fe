package io.spectrawatch.spectral.gsvd;

import io.spectrawatch.spectral.linalg.SymmetricMatrix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The profile that live traffic would have: starts at a frozen profile and grows, in O(p^2) per
 * row, to enclose the images it is shown.
 *
 * <p>Nothing is enforced with it, because one extreme request moves it for good; its growth against
 * the frozen profile is a measure of drift. Images outside are kept; when there is no more room,
 * the minimum-volume ellipsoid around everything takes their place with the images at its boundary.
 * So the shadows of parallel shards give one growth together, whatever their order and number, to
 * the tolerance of the ellipsoid; and the same to the last bit for the same order.
 *
 * <p>Kept are images per length of the input, no inputs.
 */
public final class ShadowProfile {
    /**
     * Layout of {@link #toBytes()}, big-endian:
     *
     * <pre>
     *   int magic "SWSH" | int version = 2 | int p | int most points
     *   long rows | long outside | long violations
     *   byte stage | int points | points x p doubles | p x p doubles shape, only from stage 1
     *   stage = 0 as frozen | 1 rebuilt | 2 rebuilt without room for its whole boundary
     * </pre>
     */
    private static final int MAGIC = 0x53575348;

    private static final int VERSION = 2;

    /**
     * Growth saturates where an image is this many times beyond the profile, squared: larger ones
     * would cost the other directions their digits.
     */
    private static final double MOST_LOAD = 1e8;

    /** Rounding, and the tolerance of the minimum-volume ellipsoid. */
    private static final double SLACK = 1.01;

    private static final int FROZEN = 0;
    private static final int REBUILT = 1;
    private static final int CROWDED = 2;

    /** So that a rebuild leaves room. */
    public static final int LEAST_POINTS = 8;

    private final GsvdProfile frozen;
    private final int mostPoints;
    private final List<double[]> points;

    /** The row at hand; most rows lie inside and leave nothing behind. */
    private final double[] z;

    private EnclosingEllipsoid ellipsoid;
    private int stage;
    private long rows;
    private long outside;
    private long violations;

    ShadowProfile(GsvdProfile frozen, int mostPoints) {
        if (mostPoints < LEAST_POINTS) {
            throw new IllegalArgumentException(
                    "shadow profile: at least "
                            + LEAST_POINTS
                            + " points required, found "
                            + mostPoints);
        }
        this.frozen = frozen;
        this.mostPoints = mostPoints;
        this.points = new ArrayList<>();
        this.z = new double[frozen.dimension()];
        this.ellipsoid = EnclosingEllipsoid.of(frozen.ellipsoid().shape(), List.of());
    }

    /**
     * How far traffic has grown past a profile.
     *
     * @param rows rows shown whose input is long enough
     * @param outside those whose image lay outside everything the reference had shown
     * @param violations those whose load exceeds 1: they contradict the profile itself
     * @param logVolume logarithm of the ratio of the volumes, 0 when nothing grew
     * @param largestLogAxis largest logarithm of the ratio of axes of the same rank
     * @param angle largest angle in radians by which a frozen direction has left the span of its
     *     rank and those before it
     */
    public record Growth(
            long rows,
            long outside,
            long violations,
            double logVolume,
            double largestLogAxis,
            double angle) {}

    /**
     * Shows one row. An image that is not finite violates the profile and moves nothing.
     *
     * @param norm |x|; rows below the profile's minimum norm are left out
     * @param images holds the image, before the origin is taken away
     * @param at where it begins
     */
    public void update(double norm, double[] images, int at) {
        if (norm < frozen.minimumNorm()) {
            return;
        }
        rows++;
        frozen.imageInto(norm, images, at, z);
        double load = frozen.ellipsoid().load(z);
        if (load <= 1) {
            return;
        }
        outside++;
        // Not below, so that NaN counts.
        violations += load * frozen.room() <= 1 ? 0 : 1;
        if (!Double.isFinite(load)) {
            return;
        }
        double scale = load > MOST_LOAD ? Math.sqrt(MOST_LOAD / load) : 1;
        for (int i = 0; i < z.length; i++) {
            z[i] *= scale;
        }
        if (ellipsoid.load(z) > 1) {
            points.add(z.clone());
            if (points.size() == mostPoints) {
                rebuild();
            }
        }
    }

    /** Encloses all points and keeps those at the boundary, of too many the outermost. */
    private void rebuild() {
        ellipsoid = enclosing(frozen, List.of(this));
        points.removeIf(point -> ellipsoid.load(point) <= EnclosingEllipsoid.BOUNDARY);
        stage = Math.max(stage, REBUILT);
        int room = mostPoints - mostPoints / 4 - 1;
        if (points.size() > room) {
            double[] loads = points.stream().mapToDouble(ellipsoid::load).sorted().toArray();
            double least = loads[loads.length - 1 - room];
            points.removeIf(point -> ellipsoid.load(point) <= least);
            stage = CROWDED;
        }
    }

    /**
     * Returns the growth of the shadows of all shards together: that of the minimum-volume
     * ellipsoid around what the frozen profile and they enclose.
     *
     * @param shards of the same frozen profile, at least one
     */
    public static Growth growth(List<ShadowProfile> shards) {
        GsvdProfile frozen = shards.get(0).frozen;
        long rows = 0;
        long outside = 0;
        long violations = 0;
        for (ShadowProfile each : shards) {
            rows += each.rows;
            outside += each.outside;
            violations += each.violations;
        }
        EnclosingEllipsoid all = enclosing(frozen, shards);
        if (all == frozen.ellipsoid()) {
            return new Growth(rows, outside, violations, 0, 0, 0);
        }
        SymmetricMatrix was = frozen.ellipsoid().shape();
        double volume = Math.max(0, 0.5 * (was.logDeterminant() - all.shape().logDeterminant()));
        SymmetricMatrix.Eigen before = was.eigen();
        SymmetricMatrix.Eigen after = all.shape().eigen();
        int p = frozen.dimension();
        double axis = 0;
        double angle = 0;
        for (int i = 0; i < p; i++) {
            int at = p - 1 - i;
            axis = Math.max(axis, 0.5 * Math.log(before.values()[at] / after.values()[at]));
            // The longest axes carry the meaning; the span of all of them is everything.
            double inside = 0;
            for (int j = 0; j <= i; j++) {
                double cosine = 0;
                for (int k = 0; k < p; k++) {
                    cosine += before.vectors()[at * p + k] * after.vectors()[(p - 1 - j) * p + k];
                }
                inside += cosine * cosine;
            }
            angle = Math.max(angle, Math.acos(Math.min(1, Math.sqrt(inside))));
        }
        return new Growth(rows, outside, violations, volume, axis, angle);
    }

    private static EnclosingEllipsoid enclosing(GsvdProfile frozen, List<ShadowProfile> shards) {
        List<double[]> grown = new ArrayList<>();
        for (ShadowProfile each : shards) {
            grown.addAll(each.points);
            if (each.stage == CROWDED) {
                grown.addAll(each.ellipsoid.axes());
            }
        }
        if (grown.isEmpty()) {
            return frozen.ellipsoid();
        }
        List<double[]> all = new ArrayList<>(frozen.ellipsoid().core());
        if (all.size() < frozen.dimension()) {
            all.addAll(frozen.ellipsoid().axes());
        }
        all.addAll(grown);
        try {
            return EnclosingEllipsoid.minimumVolume(all, frozen.dimension());
        } catch (ArithmeticException e) {
            // Traffic must not stop the stream: the streaming ellipsoid encloses them too.
            EnclosingEllipsoid streamed =
                    EnclosingEllipsoid.of(frozen.ellipsoid().shape(), List.of());
            grown.forEach(streamed::grow);
            return streamed;
        }
    }

    /** Returns the versioned binary form drawn beside the constants. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(frozen.dimension());
            out.writeInt(mostPoints);
            out.writeLong(rows);
            out.writeLong(outside);
            out.writeLong(violations);
            out.writeByte(stage);
            out.writeInt(points.size());
            for (double[] point : points) {
                GsvdProfileCodec.writeAll(out, point);
            }
            if (stage != FROZEN) {
                GsvdProfileCodec.writeAll(out, ellipsoid.shape().entries());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("shadow profile: cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if the bytes are anything else
     */
    static ShadowProfile fromBytes(byte[] bytes, GsvdProfile frozen) {
        int p = frozen.dimension();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            require("magic", in.readInt(), MAGIC, MAGIC);
            require("version", in.readInt(), VERSION, VERSION);
            require("dimension", in.readInt(), p, p);
            int mostPoints = in.readInt();
            require("most points", mostPoints, LEAST_POINTS, Integer.MAX_VALUE);
            ShadowProfile read = new ShadowProfile(frozen, mostPoints);
            read.rows = in.readLong();
            require("rows", read.rows, 0, Long.MAX_VALUE);
            read.outside = in.readLong();
            require("rows outside", read.outside, 0, read.rows);
            read.violations = in.readLong();
            require("violations", read.violations, 0, read.outside);
            read.stage = in.readUnsignedByte();
            require("stage", read.stage, FROZEN, CROWDED);
            int count = in.readInt();
            require("points", count, 0, Math.min(mostPoints - 1L, read.outside));
            require("bytes of points", (long) count * p * Double.BYTES, 0, in.available());
            for (int i = 0; i < count; i++) {
                double[] point = GsvdProfileCodec.readAll(in, p);
                if (!(frozen.ellipsoid().load(point) <= MOST_LOAD * SLACK)) {
                    throw new IOException("point " + i + " lies beyond what is kept");
                }
                read.points.add(point);
            }
            if (read.stage != FROZEN) {
                read.ellipsoid =
                        EnclosingEllipsoid.of(GsvdProfileCodec.readShape(in, p), List.of());
                requireLikely(read.ellipsoid.shape(), frozen.ellipsoid().shape());
            }
            require("bytes after the end", in.available(), 0, 0);
            return read;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "shadow profile of " + bytes.length + " bytes: " + e.getMessage(), e);
        }
    }

    /**
     * Axes no longer than any that points can give. None is much shorter than the profile's: a
     * minimum-volume ellipsoid over its square root of p lies inside what it encloses (John).
     */
    private static void requireLikely(SymmetricMatrix shape, SymmetricMatrix frozen)
            throws IOException {
        double[] found = shape.eigen().values();
        double[] was = frozen.eigen().values();
        int last = found.length - 1;
        double rounder = 2 * found.length;
        double longest = rounder * MOST_LOAD * SLACK;
        if (!(found[last] * longest >= was[last] && found[0] <= was[0] * rounder)) {
            throw new IOException("an ellipsoid around the profile expected");
        }
    }

    private static void require(String what, long found, long least, long most) throws IOException {
        if (found < least || found > most) {
            throw new IOException(
                    what + " from " + least + " to " + most + " required, found " + found);
        }
    }
}
