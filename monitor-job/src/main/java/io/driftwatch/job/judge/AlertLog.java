package io.driftwatch.job.judge;

import io.driftwatch.alerts.log.LogFields;
import io.driftwatch.schemas.Alert;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what becomes of alerts. */
final class AlertLog {
    private static final Logger LOG = LoggerFactory.getLogger(AlertLog.class);

    private AlertLog() {}

    static void changed(Alert alert) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        try (LogFields fields = LogFields.of(alert)) {
            LOG.info(
                    "Alert {} of {} {} is {}: {}",
                    alert.getLabels().get("alertname"),
                    alert.getScore().getModel(),
                    alert.getScore().getFeature(),
                    alert.getState(),
                    alert.getReason());
        }
    }
}
