package io.spectrawatch.ops.audit.record;

import java.io.IOException;

/** Says why there is nothing to audit, or why it cannot be done. */
public final class AuditException extends IOException {

    private static final long serialVersionUID = 1L;

    public AuditException(String message) {
        super(message);
    }

    public AuditException(String message, Throwable cause) {
        super(message, cause);
    }
}
