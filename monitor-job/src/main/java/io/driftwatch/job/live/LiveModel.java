package io.driftwatch.job.live;

import io.driftwatch.job.config.FeatureConfig;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.profile.ModelProfiles;
import io.driftwatch.job.profile.ProfileSource;
import io.driftwatch.job.tally.KnownPlan;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;

/**
 * One model as it was when the job was built, and what a configuration makes of it.
 *
 * @param controlOrNull null if nothing is applied while the job runs
 * @param config what the job was built with
 * @param model the model there
 * @param profile the profiles that the job brings itself
 */
public record LiveModel(
        LiveControl controlOrNull, MonitorConfig config, ModelConfig model, ProfileSource profile)
        implements Serializable {

    /** Makes a model's part of a configuration into what an operator needs. */
    @FunctionalInterface
    public interface Part<T> extends Serializable {
        T of(MonitorConfig config, ModelConfig model, ModelProfiles profiles);
    }

    /** Returns a setting of the model's operators. */
    public <T> Live<T> setting(Part<T> part) {
        return Live.of(controlOrNull, (applied, context) -> of(part, applied, context));
    }

    /** Returns how a stream's records are read. */
    public LivePlan plan(StreamConfig stream, List<FeatureConfig> features) {
        FieldPlan own = FieldPlan.of(model, stream, features);
        return new LivePlan(controlOrNull, model.name(), stream, own);
    }

    /**
     * Returns a setting of the operator that counts a stream's records: the plans by which those
     * that are on their way may have been decoded, the newest first.
     */
    public Live<List<KnownPlan>> plans(LivePlan plan) {
        return Live.ofAll(
                controlOrNull,
                (applied, context) ->
                        new KnownPlan(
                                plan.of(applied), () -> of((c, m, all) -> all, applied, context)));
    }

    private <T> T of(Part<T> part, Applied appliedOrNull, RuntimeContext context)
            throws IOException {
        if (appliedOrNull == null) {
            return part.of(config, model, profile.open(context));
        }
        ModelConfig now = appliedOrNull.config().model(model.name()).orElseThrow();
        ModelProfiles received = appliedOrNull.profiles().get(model.name());
        return part.of(
                appliedOrNull.config(), now, received == null ? profile.open(context) : received);
    }
}
