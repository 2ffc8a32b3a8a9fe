package io.spectrawatch.spectral.detect.score;

import io.spectrawatch.spectral.detect.input.Tap;
import java.util.ArrayList;
import java.util.List;

/** The interfaces that get a transport residual: neighbours, and each tap to the last one. */
public final class TransportPairs {
    private TransportPairs() {}

    public record Pair(int from, int to, String name) {}

    public static List<Pair> of(List<Tap> taps) {
        List<Pair> pairs = new ArrayList<>();
        int last = taps.size() - 1;
        for (int t = 0; t < last; t++) {
            pairs.add(pair(taps, t, t + 1));
            if (t + 1 < last) {
                pairs.add(pair(taps, t, last));
            }
        }
        return pairs;
    }

    private static Pair pair(List<Tap> taps, int from, int to) {
        return new Pair(from, to, taps.get(from).name() + ">" + taps.get(to).name());
    }

    /** Returns the name of the residual from the first tap to the last. */
    public static String ends(List<Tap> taps) {
        return "transport/" + pair(taps, 0, taps.size() - 1).name();
    }
}
