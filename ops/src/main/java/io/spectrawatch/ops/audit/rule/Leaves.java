package io.spectrawatch.ops.audit.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.generic.IndexedRecord;

/**
 * What differs between two records that other records are made from: a number or a text of the
 * latter may differ where it is a copy of one that does.
 */
public final class Leaves {

    private static final Pattern NUMBER =
            Pattern.compile("[-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?");

    private record Pair(String recorded, String recomputed) {}

    private final List<Pair> pairs = new ArrayList<>();

    /** Adds what differs between two records. */
    public Leaves add(IndexedRecord recorded, IndexedRecord recomputed) {
        for (Difference each : Difference.between(recorded, recomputed)) {
            pairs.add(new Pair(each.recorded(), each.recomputed()));
        }
        return this;
    }

    /** Adds the numbers that differ between two records. */
    Leaves addNumbers(IndexedRecord recorded, IndexedRecord recomputed) {
        for (Difference each : Difference.between(recorded, recomputed)) {
            if (each.numeric()) {
                pairs.add(new Pair(each.recorded(), each.recomputed()));
            }
        }
        return this;
    }

    /** Whether two texts are the same but for numbers and names that are copies. */
    boolean explain(String recorded, String recomputed) {
        if (recorded.equals(recomputed) || isCopy(recorded, recomputed)) {
            return true;
        }
        if (!words(recorded).equals(words(recomputed))) {
            return false;
        }
        Matcher a = NUMBER.matcher(recorded);
        Matcher b = NUMBER.matcher(recomputed);
        while (a.find() && b.find()) {
            if (!a.group().equals(b.group()) && !isCopy(a.group(), b.group())) {
                return false;
            }
        }
        return true;
    }

    private static String words(String text) {
        return NUMBER.matcher(text).replaceAll("#");
    }

    private boolean isCopy(String recorded, String recomputed) {
        return pairs.stream()
                .anyMatch(
                        pair ->
                                isCopyOf(recorded, pair.recorded())
                                        && isCopyOf(recomputed, pair.recomputed()));
    }

    /** In full, or rounded as alerts print numbers. */
    private static boolean isCopyOf(String text, String original) {
        if (text.equals(original)) {
            return true;
        }
        if (!NUMBER.matcher(original).matches()) {
            return false;
        }
        double value = Double.parseDouble(original);
        return text.equals(String.format(Locale.ROOT, "%.3g", value))
                || text.equals(String.format(Locale.ROOT, "%.6g", value));
    }
}
