package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.reference.Projected;
import io.spectrawatch.spectral.detect.score.NgramSurprise;
import io.spectrawatch.spectral.detect.score.SampleScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fits the models of trusted text, one of words and one of characters, where text is tapped. */
final class TextFit {
    private TextFit() {}

    /**
     * Returns the scores, none where no text is tapped.
     *
     * @param leftOut takes why there is none although text is tapped
     */
    static List<SampleScore> fit(
            Projected reference, List<Tap> taps, int classes, Map<String, String> leftOut) {
        List<SampleScore> scores = new ArrayList<>();
        for (int t = 0; t < taps.size(); t++) {
            if (!NgramSurprise.reads(taps.get(t))) {
                continue;
            }
            String name = taps.get(t).name();
            for (NgramSurprise.Part part : NgramSurprise.Part.values()) {
                try {
                    scores.add(NgramSurprise.fit(part, reference, t, taps.get(t), classes));
                } catch (ArithmeticException e) {
                    leftOut.put(NgramSurprise.label(part, name), e.getMessage());
                }
            }
        }
        return scores;
    }
}
