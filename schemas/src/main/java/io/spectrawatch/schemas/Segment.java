package io.spectrawatch.schemas;

import java.io.Serializable;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The samples with one value of one attribute, written {@code attribute=value}: traffic that may
 * have a baseline of its own.
 *
 * <p>Ordered by attribute, then value. A sample that is in several segments belongs to the first of
 * them; those of one attribute share no sample.
 */
public record Segment(String attribute, String value) implements Comparable<Segment>, Serializable {

    private static final long serialVersionUID = 1L;

    /** What a segment looks like, for errors. */
    public static final String FORM =
            "attribute=value, the attribute 1 to 64 letters, digits, '_', '.' or '-', the value 1 to"
                    + " 256 characters";

    private static final Pattern WRITTEN =
            Pattern.compile("([A-Za-z0-9_.-]{1,64})=(.{1,256})", Pattern.DOTALL);

    private static final Comparator<Segment> ORDER =
            Comparator.comparing(Segment::attribute).thenComparing(Segment::value);

    /**
     * Reads a segment as records and commands name it.
     *
     * @throws IllegalArgumentException if the text names none
     */
    public static Segment parse(String text) {
        Segment segment = find(text);
        if (segment == null) {
            throw new IllegalArgumentException("a segment is " + FORM + ", found '" + text + "'");
        }
        return segment;
    }

    /** The segment that a text names, null for none: no sample is in it. */
    public static Segment find(String text) {
        Matcher written = WRITTEN.matcher(text);
        return written.matches() ? new Segment(written.group(1), written.group(2)) : null;
    }

    /** Whether a sample is in it. */
    public boolean holds(Sample sample) {
        return value.equals(sample.getAttributes().get(attribute));
    }

    @Override
    public int compareTo(Segment other) {
        return ORDER.compare(this, other);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return attribute + '=' + value;
    }
}
