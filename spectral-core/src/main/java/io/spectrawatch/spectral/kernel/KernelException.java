package io.spectrawatch.spectral.kernel;

/** A kernel library that cannot be loaded or an operation of it that failed. */
public final class KernelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the error. */
    public KernelException(String message) {
        super(message);
    }

    /** Creates the error with its cause. */
    public KernelException(String message, Throwable cause) {
        super(message, cause);
    }
}
