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
}
