package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.surrogate.Surrogates;
import java.io.DataOutput;
import java.io.IOException;

/** By how much one of the {@link Surrogates} of a tap prefers another class than the answer. */
public final class SurrogateEvidence implements SampleScore, Favouring {
    static final int TAG = 25;

    /** The score of a tap that stands first, and that the models are written with. */
    private static final Surrogates.Part FIRST = Surrogates.Part.WIDE;

    private final int tap;
    private final String tapName;
    private final Surrogates surrogates;
    private final Surrogates.Part part;

    public SurrogateEvidence(int tap, String tapName, Surrogates surrogates, Surrogates.Part part) {
        this.tap = tap;
        this.tapName = tapName;
        this.surrogates = surrogates;
        this.part = part;
    }

    @Override
    public String name() {
        return part.label() + "/" + tapName;
    }

    @Override
    public double[] score(Projected block) {
        return surrogates.of(block).evidence()[part.ordinal()];
    }

    @Override
    public int[] favoured(Projected block) {
        return surrogates.of(block).favoured();
    }

    /** Writes the models too where it is the first score of its tap. */
    @Override
    public void write(DataOutput out) throws IOException {
        out.writeByte(TAG);
        out.writeInt(tap);
        out.writeUTF(tapName);
        out.writeUTF(part.label());
        if (part == FIRST) {
            surrogates.write(out);
        }
    }

    static SurrogateEvidence read(DetectorInput in) throws IOException {
        int tap = in.tap();
        String tapName = in.tapName(tap);
        Surrogates.Part part =
                in.named("surrogate", Surrogates.Part.values(), Surrogates.Part::label);
        Surrogates surrogates;
        if (part == FIRST) {
            surrogates = Surrogates.read(in, tap);
            in.keep(tap, surrogates);
        } else {
            surrogates = in.kept(tap, Surrogates.class);
        }
        if (!surrogates.parts().contains(part)) {
            throw new IOException("surrogates " + surrogates.parts() + " expected, found " + part);
        }
        return new SurrogateEvidence(tap, tapName, surrogates, part);
    }
}
