package io.driftwatch.job.decode;

/**
 * A record that cannot be tallied. Carries no stack trace: it is an outcome, not a fault of the
 * program.
 */
public final class Rejection extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_QUOTE = 80;

    private final RejectionReason reason;

    public Rejection(RejectionReason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    public RejectionReason reason() {
        return reason;
    }

    /** A value as it may stand in a message: shortened, without control characters. */
    static String quote(String value) {
        String shown =
                value.codePointCount(0, value.length()) <= LONGEST_QUOTE
                        ? value
                        : value.substring(0, value.offsetByCodePoints(0, LONGEST_QUOTE)) + "…";
        return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
