package io.spectrawatch.ingest.state;

/** Refuses state that another version has written or that is cut short. */
public final class StateFormat {

    private StateFormat() {}

    public static void check(String what, byte[] bytes, byte version) {
        if (bytes.length == 0 || bytes[0] != version) {
            throw new IllegalStateException(
                    what
                            + ": expected version "
                            + version
                            + ", found "
                            + (bytes.length == 0 ? "no bytes" : "version " + bytes[0])
                            + "; a newer ingest has written this changelog");
        }
    }

    /**
     * Refuses fields that no ingest has written.
     *
     * @param expected what holds for every value that was written
     */
    public static void require(String what, boolean holds, String expected, Object found) {
        if (!holds) {
            throw new IllegalStateException(what + ": expected " + expected + ", found " + found);
        }
    }

    public static void checkLength(String what, int expected, int found) {
        if (expected != found) {
            throw new IllegalStateException(
                    what + ": expected " + expected + " bytes, found " + found);
        }
    }
}
