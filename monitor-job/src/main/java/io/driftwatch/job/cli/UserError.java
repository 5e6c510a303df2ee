package io.driftwatch.job.cli;

/** What the user asked for cannot be done; the message says why and how to mend it. Exit code 1. */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
