package io.driftwatch.job.retrain;

import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.RetrainCommand;

/**
 * Something that may decide about the retraining of a model. Exactly one of the three last is not
 * null.
 *
 * @param model the model
 * @param alert a change of one of its alerts
 * @param command what a person decided, or a pipeline reported
 * @param version a version of the model that was seen in its streams
 */
public record RetrainEvent(String model, Alert alert, RetrainCommand command, String version) {
    public static RetrainEvent of(Alert alert) {
        return new RetrainEvent(alert.getScore().getModel(), alert, null, null);
    }

    public static RetrainEvent of(RetrainCommand command) {
        return new RetrainEvent(command.getModel(), null, command, null);
    }

    static RetrainEvent seen(String model, String version) {
        return new RetrainEvent(model, null, null, version);
    }
}
