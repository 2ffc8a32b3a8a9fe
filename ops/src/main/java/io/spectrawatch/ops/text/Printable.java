package io.spectrawatch.ops.text;

/**
 * Text from topics and model files for a terminal. Names are whatever a client wrote; printed as
 * they are, control characters could move the cursor, hide lines or set the window's title.
 */
public final class Printable {

    private Printable() {}

    /** The text with control and formatting characters written as {@code \\uXXXX}. */
    public static String text(String text) {
        if (text.chars().allMatch(Printable::isPlain)) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (isPlain(c)) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04X", (int) c));
            }
        }
        return out.toString();
    }

    /** Surrogates are kept: two of them make a character, and one alone prints as a mark. */
    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR -> false;
            case Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
