package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.text.TextNgrams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The synthetic model, beside whose rows stand texts about the classes it answers. */
final class TextModel {
    private static final int WORDS = 40;
    private static final int SHARED = 30;

    private final SyntheticModel model;
    private final List<List<String>> ofClass = new ArrayList<>();
    private final List<String> shared;
    private final List<String> foreign;

    TextModel(long seed) {
        this.model = new SyntheticModel(seed);
        Random random = new Random(seed);
        for (int c = 0; c < SyntheticModel.CLASSES; c++) {
            ofClass.add(words(random, WORDS, "aeioulmnrst"));
        }
        this.shared = words(random, SHARED, "aeioulmnrst");
        this.foreign = words(random, WORDS, "ywkzxqjvbäö");
    }

    private static List<String> words(Random random, int count, String letters) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder word = new StringBuilder();
            for (int j = 2 + random.nextInt(6); j > 0; j--) {
                word.append(letters.charAt(random.nextInt(letters.length())));
            }
            words.add(word.toString());
        }
        return words;
    }

    /** Texts of a few words or many, about what the model answers. */
    Activations clean(int rows, long seed) {
        return beside(model.clean(rows, seed), new Random(seed), 3, 30, 0);
    }

    /** As clean, but of so many words. */
    Activations ofLength(int rows, long seed, int words) {
        return beside(model.clean(rows, seed), new Random(seed), words, words, 0);
    }

    /** Ordinary rows in all layers, beside texts in other words. */
    Activations foreign(int rows, long seed) {
        return beside(model.clean(rows, seed), new Random(seed), 3, 30, 1);
    }

    /** Samples of one to five rows, each with one text that is about what its first row answers. */
    Activations tokens(int samples, long seed) {
        return tokens(samples, seed, 0);
    }

    /** Ordinary rows, beside texts in other words. */
    Activations foreignTokens(int samples, long seed) {
        return tokens(samples, seed, 1);
    }

    private Activations tokens(int samples, long seed, double share) {
        Random random = new Random(seed);
        int[] firsts = new int[samples];
        List<Integer> owners = new ArrayList<>();
        for (int s = 0; s < samples; s++) {
            firsts[s] = owners.size();
            owners.addAll(Collections.nCopies(1 + random.nextInt(5), s));
        }
        Activations rows = model.clean(owners.size(), seed);
        List<Tap> taps = new ArrayList<>(rows.taps());
        taps.add(new Tap(TextNgrams.FORMAT, TapRole.INPUT, TextNgrams.COLUMNS, true));
        float[][] values = Arrays.copyOf(SyntheticModel.values(rows), taps.size());
        values[taps.size() - 1] = texts(rows.select(firsts), random, 3, 30, share);
        int[] samplesOf = owners.stream().mapToInt(Integer::intValue).toArray();
        return Activations.of(taps, values, samplesOf);
    }

    private Activations beside(Activations rows, Random random, int least, int most, double share) {
        return with(rows, texts(rows, random, least, most, share));
    }

    private float[] texts(Activations rows, Random random, int least, int most, double share) {
        float[] logits = rows.values(2);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < rows.rows(); i++) {
            int answer = 0;
            for (int c = 1; c < SyntheticModel.CLASSES; c++) {
                int at = i * SyntheticModel.CLASSES;
                answer = logits[at + c] > logits[at + answer] ? c : answer;
            }
            int count = least + random.nextInt(most - least + 1);
            List<String> text = new ArrayList<>();
            for (int j = 0; j < count; j++) {
                List<String> from = random.nextBoolean() ? shared : ofClass.get(answer);
                from = random.nextDouble() < share ? foreign : from;
                // Some words are much more frequent than others.
                text.add(from.get((int) (from.size() * Math.pow(random.nextDouble(), 2))));
            }
            texts.add(String.join(" ", text));
        }
        return TextNgrams.rows(texts);
    }

    /** The rows with a text tap that holds these values. */
    static Activations with(Activations rows, float[] text) {
        List<Tap> taps = new ArrayList<>();
        taps.add(new Tap(TextNgrams.FORMAT, TapRole.INPUT, TextNgrams.COLUMNS));
        taps.addAll(rows.taps());
        float[][] values = new float[taps.size()][];
        values[0] = text;
        for (int t = 1; t < values.length; t++) {
            values[t] = rows.values(t - 1);
        }
        return Activations.of(taps, values);
    }
}
