package io.spectrawatch.spectral.sketch;

import io.spectrawatch.spectral.linalg.Roundoff;
import java.nio.DoubleBuffer;

/**
 * What rounding a state to fp32 costs, computed from the rounded state itself: the second moment
 * moves by at most 2 s_1 |dB|_F + |dB|_F^2 for directions and |dM|_F for a moment, to either side;
 * T is what F is short of afterwards.
 */
final class Sealing {
    private Sealing() {}

    static Ledger ofDirections(FrequentDirections sketch, DoubleBuffer state) {
        double lost = 0;
        double held = 0;
        for (int i = 0; i < sketch.rank * sketch.dimension; i++) {
            double rounded = round(state.get(i));
            double difference = state.get(i) - rounded;
            lost += difference * difference;
            held += rounded * rounded;
        }
        double longest = sketch.rank == 0 ? 0 : Math.sqrt(sketch.squares[0] + sketch.drift);
        return sealed(sketch, 2 * longest * Math.sqrt(lost) + lost, held);
    }

    static Ledger ofTriangle(ExactMoment sketch, DoubleBuffer moment) {
        int d = sketch.dimension;
        double lost = 0;
        double trace = 0;
        for (int i = 0; i < d; i++) {
            trace += round(moment.get(i * (d + 1)));
            for (int j = i; j < d; j++) {
                double difference = moment.get(i * d + j) - round(moment.get(i * d + j));
                lost += (i == j ? 1 : 2) * difference * difference;
            }
        }
        return sealed(sketch, Math.sqrt(lost), trace);
    }

    private static Ledger sealed(CentredSketch sketch, double penalty, double held) {
        // The penalty is itself a sum of squares in floating point.
        double certain =
                penalty * (1 + Roundoff.gamma(4.0 * sketch.dimension * (sketch.dimension + 1.0)));
        return new Ledger(
                sketch.deltaPlus + certain,
                sketch.deltaMinus + certain,
                sketch.energy - held,
                sketch.energy,
                sketch.roundoff);
    }

    private static double round(double value) {
        float rounded = (float) value;
        if (Float.isInfinite(rounded)) {
            throw new ArithmeticAlarmException(
                    "seal: state entries up to "
                            + Float.MAX_VALUE
                            + " in magnitude expected, found "
                            + value);
        }
        return rounded;
    }
}
