package io.driftwatch.job.live;

import io.driftwatch.alerts.config.ConfigException;
import io.driftwatch.alerts.rule.Figures;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.live.ConfigTopic.ConflictException;
import io.driftwatch.schemas.AppliedConfig;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Which configuration a job begins with: its own, or a newer one that was applied since. */
public final class ConfigStart {
    /** Whoever else publishes at the same moment does it once. */
    private static final int ATTEMPTS = 10;

    private ConfigStart() {}

    /**
     * Puts a job's configuration in force, unless it was so before.
     *
     * @return in words, which other configuration is in force; empty if it is the job's own
     * @throws IOException if the control topic cannot be read or written
     */
    public static Optional<String> announce(LiveControl control, ConfigDraft draft)
            throws IOException {
        ConfigTopic topic =
                new ConfigTopic(control.config().kafka(), control.config().topics().control());
        for (int attempt = 1; ; attempt++) {
            try {
                return announce(topic, control, draft);
            } catch (ConflictException e) {
                // What is in force now may know this job's own, or not.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static Optional<String> announce(
            ConfigTopic topic, LiveControl control, ConfigDraft draft) throws IOException {
        Optional<AppliedConfig> current = topic.current();
        ConfigIdentity own = control.identity();
        if (current.isEmpty()) {
            topic.publish(current, draft, own, Map.of(), Author.here());
            return Optional.empty();
        }
        AppliedConfig inForce = current.get();
        if (own.is(new ConfigIdentity(inForce.getDigest(), inForce.getProfiles()))) {
            return Optional.empty();
        }
        boolean isReplaced = inForce.getHistory().stream().anyMatch(own::isIn);
        if (!isReplaced || !canTakeUp(control, inForce)) {
            topic.publish(current, draft, own, Map.of(), Author.here());
            return Optional.empty();
        }
        return Optional.of(
                "version "
                        + inForce.getVersion()
                        + " of the configuration is in force, which "
                        + inForce.getAppliedBy()
                        + " applied at "
                        + Figures.instant(inForce.getAppliedAt())
                        + " after this file was; to go back to this file, apply it again");
    }

    /**
     * Says whether the job can go by what has replaced its own. What was applied while it ran is
     * such; what another submission has brought need not be, and only a submission brings it back.
     */
    private static boolean canTakeUp(LiveControl control, AppliedConfig inForce) {
        if (!control.features().keySet().equals(control.identity().profiles().keySet())) {
            // It watches some of the models only, and does not speak for the others.
            return true;
        }
        try {
            MonitorConfig other = control.read(inForce);
            boolean hasCanary =
                    other.hasCanary() || inForce.getWithheld().contains(ConfigDraft.CANARY);
            return hasCanary == control.config().hasCanary()
                    && ConfigChanges.needingRestart(control.job(), control.config(), other)
                            .isEmpty();
        } catch (ConfigException | IOException | IllegalArgumentException e) {
            // Of another release, or damaged: the job will say so when it runs.
            return true;
        }
    }
}
