package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.Coreset;
import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.gsvd.GsvdProfile;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;

/** The map the GSVD scores are about, its profile, and the trusted rows they compare with. */
public final class GsvdMap {
    private final int from;
    private final int to;
    private final GsvdProfile profile;
    private final Coreset trusted;
    private final Matrix images;
    private final double[] flat;

    GsvdMap(int from, int to, GsvdProfile profile, Coreset trusted, Matrix images) {
        this.from = from;
        this.to = to;
        this.profile = profile;
        this.trusted = trusted;
        this.images = images;
        this.flat = images.toArray();
    }

    /** The tap whose window coordinates are the input. */
    public int from() {
        return from;
    }

    /** The tap whose coordinates are the output. */
    public int to() {
        return to;
    }

    public GsvdProfile profile() {
        return profile;
    }

    public Coreset trusted() {
        return trusted;
    }

    double[] coordinatesOf(int row) {
        return profile.coordinates(flat, row * profile.dimension());
    }

    double normOf(int row) {
        double sum = Double.MIN_NORMAL;
        for (int j = 0; j < trusted.rows().columns(); j++) {
            sum += trusted.rows().get(row, j) * trusted.rows().get(row, j);
        }
        return Math.sqrt(sum);
    }

    public void write(DataOutput out) throws IOException {
        out.writeInt(from);
        out.writeInt(to);
        profile.write(out);
        trusted.write(out);
        images.write(out);
    }

    public static GsvdMap read(DetectorInput in) throws IOException {
        int from = in.tap();
        int to = in.tap();
        int outputs = Math.min(GsvdScore.OUTPUTS, in.width(to));
        GsvdProfile profile = GsvdProfile.read(in, outputs);
        Coreset trusted = Coreset.read(in, in.width(from));
        return new GsvdMap(
                from, to, profile, trusted, in.matrix("images", trusted.size(), outputs));
    }
}
