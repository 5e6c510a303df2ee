package io.driftwatch.alerts.retrain;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.RetrainRequest;
import java.time.Instant;

/** Makes retrain requests of alerts: one for each episode, told apart by its id. */
public final class RetrainRequests {
    private static final String REQUESTED_BY = "driftwatch";

    private RetrainRequests() {}

    /** Says whether a change of an alert asks for a retraining: its rule does, and it fires. */
    public static boolean isAskedBy(Alert alert) {
        return alert.getRetrain() && alert.getState() == AlertState.firing;
    }

    /**
     * Makes the request. Its id follows from the alert's fingerprint and episode alone, so that a
     * request that is made again after a failure can be recognised.
     */
    public static RetrainRequest of(Alert alert, Instant requestedAt) {
        return RetrainRequest.newBuilder()
                .setRequestId(alert.getFingerprint() + "-" + alert.getEpisode())
                .setModel(alert.getScore().getModel())
                .setModelVersion(alert.getScore().getModelVersion())
                .setRequestedAt(requestedAt)
                .setRequestedBy(REQUESTED_BY)
                .setAlert(alert)
                .build();
    }
}
