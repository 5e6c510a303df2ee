package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.route.Matcher;
import io.driftwatch.alerts.route.TimeIntervals;
import io.driftwatch.alerts.rule.Severity;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * When a model may be retrained because of an alert. A retraining that is not needed costs money,
 * and one on broken data costs the model; so by default nothing is submitted at all.
 *
 * @param enabled whether alerts ask for anything
 * @param dryRun whether everything happens but the submission itself
 * @param minSeverity the least severity of an alert that may ask
 * @param minDuration how long the alert must fire before anything is submitted, counted from when
 *     it was heard of; zero or more
 * @param minCount how many rows the window of the alert must hold; zero or more
 * @param cooldown how long the model is left alone after a retraining, from its completion; zero or
 *     more
 * @param maxPerDay how many submissions of the model 24 hours may hold; at least 1
 * @param lockTimeout how long a retraining may take before it counts as failed; positive
 * @param blackout when nothing is submitted; copied
 * @param approval whether a person must agree
 * @param approvalExpiry how long that person has; positive
 * @param excludeIf while an alert of the model fires that matches all of these, nothing is
 *     submitted: the drift is likely a fault of the data. None for no such alert; copied
 * @param circuitBreaker after this many retrainings in a row that failed or did not help, nothing
 *     is submitted unless a person approves it; at least 1
 * @param settleTime how long a new version must do without an alert that asks for a retraining
 *     until its retraining counts as of help; positive
 */
public record RetrainPolicy(
        boolean enabled,
        boolean dryRun,
        Severity minSeverity,
        Duration minDuration,
        long minCount,
        Duration cooldown,
        int maxPerDay,
        Duration lockTimeout,
        List<TimeIntervals> blackout,
        Approval approval,
        Duration approvalExpiry,
        List<Matcher> excludeIf,
        int circuitBreaker,
        Duration settleTime)
        implements Serializable {
    /** Whether a person must agree to a retraining. */
    public enum Approval {
        NONE,
        MANUAL
    }

    /**
     * @throws IllegalArgumentException naming the key, if a number or a duration is out of range
     */
    public RetrainPolicy {
        Objects.requireNonNull(minSeverity, "minSeverity");
        Objects.requireNonNull(approval, "approval");
        blackout = List.copyOf(blackout);
        excludeIf = List.copyOf(excludeIf);
        require(!minDuration.isNegative(), "min_duration is negative");
        require(minCount >= 0, "min_count is negative");
        require(!cooldown.isNegative(), "cooldown is negative");
        require(maxPerDay >= 1, "max_per_day is less than 1");
        require(isPositive(lockTimeout), "lock_timeout is not positive");
        require(isPositive(approvalExpiry), "approval_expiry is not positive");
        require(circuitBreaker >= 1, "circuit_breaker is less than 1");
        require(isPositive(settleTime), "settle_time is not positive");
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("retrain: " + otherwise);
        }
    }

    /** Begins a policy with the defaults. */
    public static RetrainPolicyBuilder builder() {
        return new RetrainPolicyBuilder();
    }

    /** Says whether an alert with these labels stands for a fault of the data. */
    boolean excludes(Map<String, String> labels) {
        return !excludeIf.isEmpty() && Matcher.matchesAll(excludeIf, labels);
    }
}
