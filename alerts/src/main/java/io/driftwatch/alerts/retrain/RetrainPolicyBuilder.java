package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.retrain.RetrainPolicy.Approval;
import io.driftwatch.alerts.route.Matcher;
import io.driftwatch.alerts.route.TimeIntervals;
import io.driftwatch.alerts.rule.Severity;
import java.time.Duration;
import java.util.List;

/**
 * Names the parts of a {@link RetrainPolicy} one by one. What is not named: off, and if on, a dry
 * run; any severity, duration and number of rows; at most two a day, 24 hours apart, 12 hours long;
 * at any time, without approval, which expires after 24 hours; stopped after two of no use in a
 * row; judged after 24 hours. Nothing is checked before {@link #build}.
 */
public final class RetrainPolicyBuilder {
    private boolean enabled;
    private boolean dryRun = true;
    private Severity minSeverity = Severity.INFO;
    private Duration minDuration = Duration.ZERO;
    private long minCount;
    private Duration cooldown = Duration.ofHours(24);
    private int maxPerDay = 2;
    private Duration lockTimeout = Duration.ofHours(12);
    private List<TimeIntervals> blackout = List.of();
    private Approval approval = Approval.NONE;
    private Duration approvalExpiry = Duration.ofHours(24);
    private List<Matcher> excludeIf = List.of();
    private int circuitBreaker = 2;
    private Duration settleTime = Duration.ofHours(24);

    RetrainPolicyBuilder() {}

    /** See {@link RetrainPolicy#enabled}. */
    public RetrainPolicyBuilder enabled(boolean isEnabled) {
        enabled = isEnabled;
        return this;
    }

    /** See {@link RetrainPolicy#dryRun}. */
    public RetrainPolicyBuilder dryRun(boolean isDryRun) {
        dryRun = isDryRun;
        return this;
    }

    /** See {@link RetrainPolicy#minSeverity}. */
    public RetrainPolicyBuilder minSeverity(Severity least) {
        minSeverity = least;
        return this;
    }

    /** See {@link RetrainPolicy#minDuration}. */
    public RetrainPolicyBuilder minDuration(Duration least) {
        minDuration = least;
        return this;
    }

    /** See {@link RetrainPolicy#minCount}. */
    public RetrainPolicyBuilder minCount(long rows) {
        minCount = rows;
        return this;
    }

    /** See {@link RetrainPolicy#cooldown}. */
    public RetrainPolicyBuilder cooldown(Duration leftAlone) {
        cooldown = leftAlone;
        return this;
    }

    /** See {@link RetrainPolicy#maxPerDay}. */
    public RetrainPolicyBuilder maxPerDay(int submissions) {
        maxPerDay = submissions;
        return this;
    }

    /** See {@link RetrainPolicy#lockTimeout}. */
    public RetrainPolicyBuilder lockTimeout(Duration longest) {
        lockTimeout = longest;
        return this;
    }

    /** See {@link RetrainPolicy#blackout}. */
    public RetrainPolicyBuilder blackout(List<TimeIntervals> times) {
        blackout = times;
        return this;
    }

    /** See {@link RetrainPolicy#approval}. */
    public RetrainPolicyBuilder approval(Approval wanted) {
        approval = wanted;
        return this;
    }

    /** See {@link RetrainPolicy#approvalExpiry}. */
    public RetrainPolicyBuilder approvalExpiry(Duration longest) {
        approvalExpiry = longest;
        return this;
    }

    /** See {@link RetrainPolicy#excludeIf}. */
    public RetrainPolicyBuilder excludeIf(List<Matcher> matchers) {
        excludeIf = matchers;
        return this;
    }

    /** See {@link RetrainPolicy#circuitBreaker}. */
    public RetrainPolicyBuilder circuitBreaker(int inARow) {
        circuitBreaker = inARow;
        return this;
    }

    /** See {@link RetrainPolicy#settleTime}. */
    public RetrainPolicyBuilder settleTime(Duration time) {
        settleTime = time;
        return this;
    }

    /**
     * Returns the policy.
     *
     * @throws IllegalArgumentException naming the key, if a number or a duration is out of range
     */
    public RetrainPolicy build() {
        return new RetrainPolicy(
                enabled,
                dryRun,
                minSeverity,
                minDuration,
                minCount,
                cooldown,
                maxPerDay,
                lockTimeout,
                blackout,
                approval,
                approvalExpiry,
                excludeIf,
                circuitBreaker,
                settleTime);
    }
}
