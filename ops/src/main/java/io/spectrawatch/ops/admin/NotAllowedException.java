package io.spectrawatch.ops.admin;

/** Says which right a client lacks; who the client is, its caller knows. */
public final class NotAllowedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Right right;

    NotAllowedException(Right right, Throwable cause) {
        super("the client may not " + right.operation() + " " + right.resourceName(), cause);
        this.right = right;
    }

    /** What was missing. */
    public Right right() {
        return right;
    }
}
