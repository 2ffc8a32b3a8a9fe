package io.spectrawatch.schemas;

import java.util.Collection;
import java.util.TreeSet;

/** Finds what a person probably meant. */
public final class NearestName {

    private NearestName() {}

    /** The name with the least Levenshtein distance, the first in order where they tie. */
    public static String of(String given, Collection<String> names) {
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String name : new TreeSet<>(names)) {
            int distance = distance(given, name);
            if (distance < least) {
                least = distance;
                nearest = name;
            }
        }
        return nearest;
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int change = previous[j - 1] + substitution;
                current[j] = Math.min(change, 1 + Math.min(previous[j], current[j - 1]));
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
