package io.driftwatch.alerts.deliver;

import java.util.regex.Pattern;

/**
 * What came back from one attempt. Holds no secret: the body is redacted before it gets here.
 *
 * @param status HTTP status; null if none came
 * @param body the beginning of the body, redacted; empty without one
 * @param retryAfter value of the header Retry-After; null without one
 * @param failure in words, why no answer came; null if one came
 */
record Answer(Integer status, String body, String retryAfter, String failure) {
    private static final int LONGEST_EXCERPT = 120;
    private static final Pattern NOT_PRINTABLE = Pattern.compile("[\\p{Cntrl}\\s]+");

    static Answer of(int status, String body, String retryAfter) {
        return new Answer(status, body, retryAfter, null);
    }

    static Answer failed(String failure) {
        return new Answer(null, "", null, failure);
    }

    /** Sorts the answer as one table for all kinds of endpoints. */
    Verdict verdict(EndpointConfig endpoint) {
        if (status == null) {
            return Verdict.RETRY;
        }
        if (status >= 200 && status < 300) {
            return endpoint.accepts(body) ? Verdict.DELIVERED : Verdict.REJECTED;
        }
        return switch (status) {
            case 408, 425, 429 -> Verdict.RETRY;
            case 400, 413, 422 -> Verdict.MALFORMED;
            default -> status >= 500 ? Verdict.RETRY : Verdict.REJECTED;
        };
    }

    /** Says in words what came back. */
    String words() {
        if (status == null) {
            return failure;
        }
        String hint =
                status >= 300 && status < 400
                        ? " (redirects are not followed; configure the final address)"
                        : "";
        String line = NOT_PRINTABLE.matcher(body).replaceAll(" ").strip();
        return "HTTP " + status + hint + (line.isEmpty() ? "" : ": " + excerpt(line));
    }

    private static String excerpt(String line) {
        return line.codePointCount(0, line.length()) <= LONGEST_EXCERPT
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST_EXCERPT)) + "…";
    }

    /** What an answer means for the delivery. */
    enum Verdict {
        DELIVERED,
        /** It may work later. */
        RETRY,
        /** The endpoint does not take this body; it may take a simpler one. */
        MALFORMED,
        /** It will never work. */
        REJECTED
    }
}
