package io.driftwatch.job.config;

import io.driftwatch.alerts.rule.Correction;
import io.driftwatch.detectors.significance.FalseAlarmBudget;
import io.driftwatch.detectors.significance.SeverityScale;
import java.io.Serializable;
import java.util.Objects;

/**
 * When a difference counts as more than chance, and how much it then matters.
 *
 * @param level where critical values are taken, unless a budget says otherwise
 * @param budget false alarms that all rules of the model together may raise; null: none is set
 * @param correction how p-values are corrected for the tests of one window, under a budget
 * @param severity limits of the grades
 */
public record SignificanceConfig(
        double level, FalseAlarmBudget budget, Correction correction, SeverityScale severity)
        implements Serializable {

    public static final double DEFAULT_LEVEL = 0.001;

    /** What holds where nothing is configured. */
    public static final SignificanceConfig DEFAULT =
            new SignificanceConfig(DEFAULT_LEVEL, null, Correction.HOLM, SeverityScale.DEFAULT);

    public SignificanceConfig {
        Objects.requireNonNull(correction, "correction");
        Objects.requireNonNull(severity, "severity");
    }
}
