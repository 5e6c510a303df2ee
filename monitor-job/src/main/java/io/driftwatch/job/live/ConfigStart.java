package io.driftwatch.job.live;

import io.driftwatch.alerts.rule.Figures;
import io.driftwatch.schemas.AppliedConfig;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Which configuration a job begins with: its own, or a newer one that was applied since. */
public final class ConfigStart {
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
        if (inForce.getHistory().stream().noneMatch(own::isIn)) {
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
}
