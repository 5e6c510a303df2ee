package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.rule.Selector;
import java.io.Serializable;
import java.util.Objects;

/**
 * Which models a target retrains.
 *
 * @param target the target
 * @param models selects by model
 */
public record RetrainRoute(RetrainTarget target, Selector models) implements Serializable {
    public RetrainRoute {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(models, "models");
    }
}
