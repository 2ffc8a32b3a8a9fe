package io.spectrawatch.ops.cli.screen;

/** Colours on a terminal, nothing elsewhere. */
public final class Ink {

    /** For files, pipes, and people who set {@code NO_COLOR}. */
    public static final Ink NONE = new Ink(false);

    public static final Ink COLOURS = new Ink(true);

    private static final String END = "\u001B[0m";

    private final boolean on;

    private Ink(boolean on) {
        this.on = on;
    }

    String red(String text) {
        return paint("31", text);
    }

    String yellow(String text) {
        return paint("33", text);
    }

    String green(String text) {
        return paint("32", text);
    }

    String bold(String text) {
        return paint("1", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    private String paint(String code, String text) {
        return on ? "\u001B[" + code + "m" + text + END : text;
    }
}
