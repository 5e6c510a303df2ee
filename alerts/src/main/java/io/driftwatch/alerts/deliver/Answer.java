package io.driftwatch.alerts.deliver;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What came back from one attempt. Holds no secret: what others said is redacted before it gets
 * here.
 *
 * @param status HTTP status; null if none came
 * @param body the beginning of the body, redacted; empty without one
 * @param retryAfter value of the header Retry-After; null without one
 * @param failure in words, why no answer came, or what another protocol than HTTP answered; null if
 *     HTTP did
 * @param isHopeless whether no further attempt can fare better although HTTP did not say so
 * @param isDone whether it has succeeded although HTTP did not say so
 */
public record Answer(
        Integer status,
        String body,
        String retryAfter,
        String failure,
        boolean isHopeless,
        boolean isDone) {
    private static final int LONGEST_EXCERPT = 120;
    private static final Pattern NOT_PRINTABLE = Pattern.compile("[\\p{Cntrl}\\s]+");

    static Answer of(int status, String body, String retryAfter) {
        return new Answer(status, body, retryAfter, null, false, false);
    }

    static Answer failed(String failure) {
        return new Answer(null, "", null, failure, false, false);
    }

    /** Stands for an attempt that has succeeded by another protocol than HTTP. */
    static Answer done(String words) {
        return new Answer(null, "", null, words, false, true);
    }

    /** Stands for an attempt that could not be made, and never will be. */
    static Answer hopeless(String failure) {
        return new Answer(null, "", null, failure, true, false);
    }

    /** Says whether the endpoint is well and only wants less of it. */
    boolean isLimit() {
        return status != null && (status == 425 || status == 429);
    }

    /** Sorts the answer as one table for all kinds of endpoints. */
    Verdict verdict(EndpointConfig endpoint) {
        if (isDone) {
            return Verdict.DELIVERED;
        }
        if (status == null) {
            return isHopeless ? Verdict.REJECTED : Verdict.RETRY;
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

    /** Returns why the attempt has not succeeded; null if it has. */
    public Failure failureAt(EndpointConfig endpoint) {
        if (verdict(endpoint) == Verdict.DELIVERED) {
            return null;
        }
        if (status == null) {
            return isHopeless ? Failure.CANNOT_SEND : Failure.NO_ANSWER;
        }
        return switch (status) {
            case 401, 403 -> Failure.AUTH_ERROR;
            case 425, 429 -> Failure.RATE_LIMITED;
            default -> status >= 500 ? Failure.SERVER_ERROR : Failure.CLIENT_ERROR;
        };
    }

    /** Why an attempt has not succeeded, for counting. */
    public enum Failure {
        /** Nothing came back: no connection, no answer in time. */
        NO_ANSWER,
        /** The attempt could not be made: address refused, secret missing. */
        CANNOT_SEND,
        /** 401 or 403. */
        AUTH_ERROR,
        /** 425 or 429. */
        RATE_LIMITED,
        /** 5xx. */
        SERVER_ERROR,
        /** Any other answer that does not mean success. */
        CLIENT_ERROR;

        /** Returns the name in lower case. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
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
