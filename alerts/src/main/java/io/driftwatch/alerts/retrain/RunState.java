package io.driftwatch.alerts.retrain;

import java.util.Locale;

/** What a target or a pipeline says of a retraining. */
public enum RunState {
    /** It has the request, and has not begun. */
    ACCEPTED,
    RUNNING,
    SUCCEEDED,
    FAILED;

    /** Returns the name in lower case, as in reports and recipes. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
