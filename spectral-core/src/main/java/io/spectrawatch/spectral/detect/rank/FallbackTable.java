package io.spectrawatch.spectral.detect.rank;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The tables of detectors of the third version, which judge as they did: a category with enough
 * calibration values by its own, every other one among the values of all, also those of categories
 * with a table. P(p <= a) is at most a over each category with a table of its own and at most 2a
 * over all; of a category without one nothing is known.
 */
public final class FallbackTable implements RankTable {
    private final Ranks all;

    /** Empty where the category is ranked among all. */
    private final Ranks[] own;

    private FallbackTable(Ranks all, Ranks[] own) {
        this.all = all;
        this.own = own;
    }

    private Ranks ranks(int category) {
        return own[category].size() > 0 ? own[category] : all;
    }

    @Override
    public double p(double value, int category) {
        return ranks(category).p(value);
    }

    @Override
    public int samples(int category) {
        return ranks(category).size();
    }

    @Override
    public double[] values() {
        return all.values();
    }

    @Override
    public void write(DataOutput out) throws IOException {
        all.write(out);
        out.writeInt(own.length);
        for (Ranks table : own) {
            table.write(out);
        }
    }

    /** Reads a table of so many categories. */
    public static FallbackTable read(DetectorInput in, int categories) throws IOException {
        Ranks all = Ranks.read(in, "calibration statistics", 1);
        Ranks[] own = new Ranks[in.integer("classes", categories, categories)];
        for (int c = 0; c < own.length; c++) {
            own[c] = Ranks.read(in, "calibration statistics of a class", 0);
        }
        return new FallbackTable(all, own);
    }
}
