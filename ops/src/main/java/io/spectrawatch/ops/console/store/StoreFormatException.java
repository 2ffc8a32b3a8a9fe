package io.spectrawatch.ops.console.store;

/** Bytes of a store that do not hold what a store of this release writes. */
final class StoreFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoreFormatException(String message) {
        super(message);
    }
}
