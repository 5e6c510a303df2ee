package io.driftwatch.job.live;

import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.FieldPlan;
import java.io.Serializable;
import java.util.List;

/**
 * How the records of one stream are read: as it was when the job was built, and as a configuration
 * has it.
 *
 * @param controlOrNull null if nothing is applied while the job runs
 * @param model name of the model
 * @param stream the stream, which never changes
 * @param own what the job was built with
 */
public record LivePlan(LiveControl controlOrNull, String model, StreamConfig stream, FieldPlan own)
        implements Serializable {

    /** Returns a setting of the operator that decodes. */
    public Live<FieldPlan> setting() {
        return Live.of(controlOrNull, (applied, context) -> of(applied));
    }

    /** Makes the plan of what was applied; null stands for what the job was built with. */
    FieldPlan of(Applied appliedOrNull) {
        if (appliedOrNull == null) {
            return own;
        }
        ModelConfig now = appliedOrNull.config().model(model).orElseThrow();
        List<FeatureConfig> features = appliedOrNull.features().get(model);
        return FieldPlan.of(now, stream, features);
    }
}
