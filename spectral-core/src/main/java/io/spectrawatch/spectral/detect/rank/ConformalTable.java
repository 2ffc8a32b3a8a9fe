package io.spectrawatch.spectral.detect.rank;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Gaussians;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * Ranks a value among the clean calibration values of its category and no others. Categories are
 * disjoint, so P(p <= a) <= a for a value exchangeable with those of its category, and hence over
 * all of them whatever their shares; with one category for all nothing is promised about a part.
 */
public final class ConformalTable implements RankTable {
    /** One for all, or one per category. */
    private final Ranks[] tables;

    private ConformalTable(Ranks[] tables) {
        this.tables = tables;
    }

    /** Returns one table for values of every category. */
    public static ConformalTable pooled(double[] values) {
        return new ConformalTable(new Ranks[] {Ranks.of(values)});
    }

    /** Returns a table per category, however few values one has. */
    public static ConformalTable of(double[] values, int[] categories, int count) {
        Ranks[] tables = new Ranks[count];
        for (int c = 0; c < count; c++) {
            int[] own = Gaussians.rowsOf(categories, c);
            tables[c] = Ranks.of(Arrays.stream(own).mapToDouble(i -> values[i]).toArray());
        }
        return new ConformalTable(tables);
    }

    private Ranks ranks(int category) {
        return tables.length == 1 ? tables[0] : tables[category];
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
        return Arrays.stream(tables)
                .flatMapToDouble(t -> Arrays.stream(t.values()))
                .sorted()
                .toArray();
    }

    @Override
    public void write(DataOutput out) throws IOException {
        out.writeInt(tables.length);
        for (Ranks table : tables) {
            table.write(out);
        }
    }

    /** Reads a table of so many categories. */
    public static ConformalTable read(DetectorInput in, int categories) throws IOException {
        Ranks[] tables = new Ranks[in.integer("categories", categories, categories)];
        for (int c = 0; c < tables.length; c++) {
            tables[c] = Ranks.read(in, "calibration values", categories == 1 ? 1 : 0);
        }
        return new ConformalTable(tables);
    }
}
