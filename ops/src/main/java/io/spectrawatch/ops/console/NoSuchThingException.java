package io.spectrawatch.ops.console;

/** What was asked for is not known; the message says what. */
final class NoSuchThingException extends Exception {

    private static final long serialVersionUID = 1L;

    NoSuchThingException(String what) {
        super(what + " is not known here");
    }

    /** What was found, which is not null. */
    static <T> T require(T found, String what) throws NoSuchThingException {
        if (found == null) {
            throw new NoSuchThingException(what);
        }
        return found;
    }
}
