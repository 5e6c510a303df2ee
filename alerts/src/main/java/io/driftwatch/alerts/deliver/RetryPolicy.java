package io.driftwatch.alerts.deliver;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How often and how patiently a delivery is attempted.
 *
 * @param waits the wait before the second attempt, before the third, and so on; empty for a single
 *     attempt. Copied
 * @param requestTimeout limit for one attempt, from connecting to the end of the answer
 * @param connectTimeout limit for connecting
 * @param longestRetryAfter the longest wait that an endpoint may ask for; it gets no more
 */
public record RetryPolicy(
        List<Duration> waits,
        Duration requestTimeout,
        Duration connectTimeout,
        Duration longestRetryAfter)
        implements Serializable {
    public RetryPolicy {
        waits = List.copyOf(waits);
        Objects.requireNonNull(requestTimeout, "requestTimeout");
        Objects.requireNonNull(connectTimeout, "connectTimeout");
        Objects.requireNonNull(longestRetryAfter, "longestRetryAfter");
    }

    /** Returns the policy of a running system: seven attempts within about two hours. */
    public static RetryPolicy standard() {
        return new RetryPolicy(
                List.of(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(30),
                        Duration.ofHours(1)),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofMinutes(15));
    }

    /** Returns the same for what is of no use to anybody a minute later. */
    public RetryPolicy brief() {
        return new RetryPolicy(
                List.of(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30)),
                requestTimeout,
                connectTimeout,
                Duration.ofSeconds(30));
    }

    /**
     * Returns how long a notification may wait for its endpoint: what all waits and attempts take
     * at most, and once the longest wait that an endpoint may ask for.
     */
    public Duration lifetime() {
        Duration request =
                requestTimeout.compareTo(WebhookEndpoint.LONGEST_TIMEOUT) > 0
                        ? requestTimeout
                        : WebhookEndpoint.LONGEST_TIMEOUT;
        // The first attempt, one for each wait, and one in minimal form.
        Duration attempts = request.multipliedBy(waits.size() + 2L);
        return waits.stream().reduce(longestRetryAfter.plus(attempts), Duration::plus);
    }

    /** Returns the wait that an endpoint gets if it asks for this one. */
    Duration allowed(Duration retryAfter) {
        return retryAfter.compareTo(longestRetryAfter) > 0 ? longestRetryAfter : retryAfter;
    }
}
