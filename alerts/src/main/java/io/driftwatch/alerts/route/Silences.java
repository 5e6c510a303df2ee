package io.driftwatch.alerts.route;

import io.driftwatch.schemas.Silence;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Silences, as in Alertmanager: while one holds, the alerts that all of its matchers match are not
 * told. Not thread-safe: it remembers matchers that it has read.
 */
public final class Silences {
    private static final Logger LOG = LoggerFactory.getLogger(Silences.class);

    /** How long one that has ended is kept to be looked at, as Alertmanager does. */
    public static final Duration KEPT = Duration.ofDays(5);

    private static final int MOST_REMEMBERED = 10_000;

    /** Where a silence is in its life. */
    public enum Phase {
        PENDING,
        ACTIVE,
        EXPIRED
    }

    private final Map<List<String>, List<Matcher>> read = new HashMap<>();

    /**
     * Makes a silence.
     *
     * @param matchers conditions in Alertmanager's notation, several of them or one an element
     * @param from from when on it is to hold
     * @param until from when on no more
     * @param by who wishes it
     * @param comment why
     * @throws IllegalArgumentException saying what is wrong: no matcher, one that is not valid,
     *     only such as match alerts without any labels, an end that is not after the beginning and
     *     the present, or no comment
     */
    public static Silence create(
            List<String> matchers,
            Instant from,
            Instant until,
            String by,
            String comment,
            Instant now) {
        List<Matcher> parsed = parse(matchers);
        if (parsed.stream().allMatch(matcher -> matcher.matches(Map.of()))) {
            throw new IllegalArgumentException(
                    "a silence needs a matcher that not every alert matches, for example"
                            + " alertname=\"FeatureDrift\"");
        }
        if (!until.isAfter(from) || !until.isAfter(now)) {
            throw new IllegalArgumentException("a silence must end after it begins, and after now");
        }
        if (comment.isBlank()) {
            throw new IllegalArgumentException("a silence needs a comment that says why");
        }
        return Silence.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setMatchers(parsed.stream().map(Matcher::toString).toList())
                .setStartsAt(from.truncatedTo(ChronoUnit.MILLIS))
                .setEndsAt(until.truncatedTo(ChronoUnit.MILLIS))
                .setCreatedBy(by)
                .setComment(comment)
                .setUpdatedAt(now.truncatedTo(ChronoUnit.MILLIS))
                .build();
    }

    /**
     * Ends a silence now: one that has not begun never begins. One that has ended stays as it is.
     */
    public static Silence expired(Silence silence, Instant now) {
        if (phase(silence, now) == Phase.EXPIRED) {
            return silence;
        }
        Instant end = now.truncatedTo(ChronoUnit.MILLIS);
        Instant start = silence.getStartsAt().isAfter(end) ? end : silence.getStartsAt();
        return Silence.newBuilder(silence)
                .setStartsAt(start)
                .setEndsAt(end)
                .setUpdatedAt(end)
                .build();
    }

    /** Says where a silence is in its life. */
    public static Phase phase(Silence silence, Instant now) {
        if (!now.isBefore(silence.getEndsAt())) {
            return Phase.EXPIRED;
        }
        return now.isBefore(silence.getStartsAt()) ? Phase.PENDING : Phase.ACTIVE;
    }

    /** Says whether nobody wants to see it any more. */
    public static boolean isOver(Silence silence, Instant now) {
        return silence.getEndsAt().plus(KEPT).isBefore(now);
    }

    /** Says whether any of the silences keeps an alert quiet at a moment. */
    public boolean silence(Iterable<Silence> silences, Map<String, String> labels, Instant at) {
        for (Silence silence : silences) {
            if (phase(silence, at) == Phase.ACTIVE
                    && !matchers(silence).isEmpty()
                    && Matcher.matchesAll(matchers(silence), labels)) {
                return true;
            }
        }
        return false;
    }

    /** One that cannot be read, which only another program can have written, silences nothing. */
    private List<Matcher> matchers(Silence silence) {
        if (read.size() > MOST_REMEMBERED) {
            read.clear();
        }
        return read.computeIfAbsent(
                silence.getMatchers(),
                texts -> {
                    try {
                        return parse(texts);
                    } catch (IllegalArgumentException e) {
                        LOG.error(
                                "Silence {} of {} has no effect: {}",
                                silence.getId(),
                                silence.getCreatedBy(),
                                e.getMessage());
                        return List.of();
                    }
                });
    }

    private static List<Matcher> parse(List<String> texts) {
        List<Matcher> matchers = new ArrayList<>();
        texts.forEach(text -> matchers.addAll(Matcher.parseAll(text)));
        return matchers;
    }
}
