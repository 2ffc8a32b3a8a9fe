package io.spectrawatch.spectral.descriptor;

/** A descending spectrum of unit sum as values with multiplicities. */
final class Simplex {
    final double[] values;
    final long[] counts;
    int size;

    Simplex(int capacity) {
        values = new double[capacity];
        counts = new long[capacity];
    }

    void add(double value, long count) {
        if (count > 0) {
            values[size] = value;
            counts[size++] = count;
        }
    }

    /** Returns the first n values, one by one. */
    double[] expanded(int n) {
        double[] all = new double[n];
        int at = 0;
        for (int run = 0; run < size; run++) {
            for (long i = 0; i < counts[run] && at < n; i++) {
                all[at++] = values[run];
            }
        }
        return all;
    }

    double top(int k) {
        double sum = 0;
        long left = k;
        for (int i = 0; i < size && left > 0; i++) {
            long taken = Math.min(left, counts[i]);
            sum += taken * values[i];
            left -= taken;
        }
        return sum;
    }

    /** Shannon entropy in nats. */
    double entropy() {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            if (values[i] > 0) {
                sum -= counts[i] * values[i] * Math.log(values[i]);
            }
        }
        return sum;
    }

    double participationRatio() {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += counts[i] * values[i] * values[i];
        }
        return 1 / sum;
    }

    double stableRank() {
        return 1 / values[0];
    }

    /** Returns the i-th largest value, from 0; zero beyond the end. */
    double value(long i) {
        long left = i;
        for (int run = 0; run < size; run++) {
            if (left < counts[run]) {
                return values[run];
            }
            left -= counts[run];
        }
        return 0;
    }

    /**
     * Returns how many of the largest values are needed for a share of the sum, at most {@code
     * most}.
     */
    long needed(double share, long most) {
        double sum = 0;
        long taken = 0;
        for (int run = 0; run < size; run++) {
            double missing = share - sum;
            if (missing <= 0) {
                return taken;
            }
            double whole = counts[run] * values[run];
            if (whole >= missing) {
                return Math.min(taken + (long) Math.ceil(missing / values[run]), most);
            }
            sum += whole;
            taken += counts[run];
        }
        return most;
    }

    /**
     * Eigenspectrum early enrichment (NerVE 2026): the area between the cumulative spectrum and the
     * diagonal, over its largest value d / 2.
     */
    double earlyEnrichment(long d) {
        double area = 0;
        double cumulative = 0;
        long position = 0;
        for (int run = 0; run < size; run++) {
            double c = counts[run];
            area += c * cumulative + values[run] * c * (c + 1) / 2;
            cumulative += c * values[run];
            position += counts[run];
        }
        area += (d - position) * cumulative - (d + 1) / 2.0;
        return Math.min(Math.max(area / (d / 2.0), 0), 1);
    }

    /** Mean of ln(scale p_i + floor) over d values, zeros included. */
    double meanLog(double scale, double floor, long d) {
        double sum = 0;
        long position = 0;
        for (int run = 0; run < size; run++) {
            sum += counts[run] * Math.log(scale * values[run] + floor);
            position += counts[run];
        }
        return (sum + (d - position) * Math.log(floor)) / d;
    }

    /** Sum of the square roots. */
    double rootSum() {
        double sum = 0;
        for (int run = 0; run < size; run++) {
            sum += counts[run] * Math.sqrt(values[run]);
        }
        return sum;
    }

    /** Returns the normalised square roots. */
    Simplex roots() {
        Simplex out = new Simplex(size);
        double sum = rootSum();
        for (int run = 0; run < size; run++) {
            out.add(Math.sqrt(values[run]) / sum, counts[run]);
        }
        return out;
    }

    /** Minus the sum of q ln q with q = p + 1e-7, as RankMe computes it. */
    double liftedEntropy() {
        double sum = 0;
        for (int run = 0; run < size; run++) {
            double q = values[run] + 1e-7;
            sum -= counts[run] * q * Math.log(q);
        }
        return sum;
    }
}
