package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.EvidenceRows;
import io.spectrawatch.spectral.detect.reference.Projected;
import java.io.DataOutput;
import java.io.IOException;

/**
 * By how much the nearest of many reference rows at one tap speak for another class than the model
 * answered: what {@link NeighbourEvidence} is, in more coordinates and without a coreset. The class
 * of a reference row is the model's own answer.
 *
 * <p>Of detectors up to version 8; those fitted now have {@link SurrogateEvidence}.
 */
final class NearestEvidence implements SampleScore {
    static final int TAG = 20;

    private final int tap;
    private final String tapName;
    private final EvidenceRows rows;

    private NearestEvidence(int tap, String tapName, EvidenceRows rows) {
        this.tap = tap;
        this.tapName = tapName;
        this.rows = rows;
    }

    @Override
    public String name() {
        return "nearest-evidence/" + tapName;
    }

    @Override
    public double[] score(Projected block) {
        double[] own = new double[block.rows()];
        double[] other = new double[block.rows()];
        rows.nearest(block, tap, own, other);
        double[] out = new double[block.rows()];
        for (int i = 0; i < out.length; i++) {
            out[i] = NeighbourEvidence.ratio(own[i], other[i]);
        }
        return out;
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeInt(tap);
        out.writeUTF(tapName);
        rows.write(out);
    }

    static NearestEvidence read(DetectorInput in) throws IOException {
        int tap = in.tap();
        String tapName = in.tapName(tap);
        EvidenceRows rows = EvidenceRows.read(in, in.width(tap));
        in.keep(tap, rows);
        return new NearestEvidence(tap, tapName, rows);
    }
}
