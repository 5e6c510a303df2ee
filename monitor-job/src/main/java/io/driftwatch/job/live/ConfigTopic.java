package io.driftwatch.job.live;

import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.schemas.AppliedConfig;
import io.driftwatch.schemas.ConfigStatus;
import io.driftwatch.schemas.ProfilePart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Configurations on the control topic, for programs that run for a moment. */
public final class ConfigTopic {
    /** The key of the configuration in force. */
    static final String CURRENT = "config/current";

    /** The key of the one that was in force before it. */
    static final String PREVIOUS = "config/previous";

    /** What the keys of parts of profiles begin with. */
    static final String PROFILE = "config/profile/";

    /** What the keys of workers' answers begin with. */
    public static final String STATUS_PREFIX = "config-status/";

    /** Kafka takes no records above a megabyte unless it is told to. */
    private static final int PART_BYTES = 512 * 1024;

    private static final int HISTORY = 5000;
    private static final long VERSIONS_ANSWERED = 5;

    private final TopicRecords<AppliedConfig> configs;
    private final TopicRecords<AppliedConfig> previous;
    private final TopicRecords<ProfilePart> parts;
    private final TopicRecords<ConfigStatus> statuses;

    public ConfigTopic(KafkaConfig kafka, String topic) {
        configs = new TopicRecords<>(kafka, topic, CURRENT, AppliedConfig.class);
        previous = new TopicRecords<>(kafka, topic, PREVIOUS, AppliedConfig.class);
        parts = new TopicRecords<>(kafka, topic, PROFILE, ProfilePart.class);
        statuses = new TopicRecords<>(kafka, topic, STATUS_PREFIX, ConfigStatus.class);
    }

    /**
     * Returns the configuration in force; empty if none was ever published.
     *
     * @throws IOException if Kafka does not answer, or has no such topic
     */
    public Optional<AppliedConfig> current() throws IOException {
        return configs.latest().stream().findFirst();
    }

    /**
     * Returns what workers have made of a configuration, so far.
     *
     * @throws IOException if Kafka does not answer, or has no such topic
     */
    public List<ConfigStatus> answers(long version) throws IOException {
        return statuses.latest().stream().filter(s -> s.getVersion() == version).toList();
    }

    /** Puts down what a worker has made of a configuration. */
    void answer(ConfigStatus status) throws IOException {
        statuses.write(Map.of(status.getJob() + "/" + status.getWorker(), status));
    }

    /**
     * Puts a configuration in force after another.
     *
     * @param before the one in force; empty for none
     * @param identity of the draft, with its profiles
     * @param profiles the profiles' files by digest, for jobs that do not have them; empty when the
     *     job that publishes brings them itself
     * @return what was published
     * @throws IOException if Kafka does not take it; then nothing has changed
     */
    public AppliedConfig publish(
            Optional<AppliedConfig> before,
            ConfigDraft draft,
            ConfigIdentity identity,
            Map<String, Path> profiles,
            String by)
            throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        for (String digest : new TreeSet<>(identity.profiles().values())) {
            Integer onTopic = before.map(b -> b.getParts().get(digest)).orElse(null);
            if (onTopic != null) {
                counts.put(digest, onTopic);
            } else if (profiles.containsKey(digest)) {
                counts.put(digest, upload(digest, Files.readAllBytes(profiles.get(digest))));
            }
        }
        List<String> history = new ArrayList<>();
        before.ifPresent(
                b -> {
                    history.add(new ConfigIdentity(b.getDigest(), b.getProfiles()).entry());
                    history.addAll(b.getHistory());
                });
        AppliedConfig applied =
                AppliedConfig.newBuilder()
                        .setVersion(before.map(AppliedConfig::getVersion).orElse(0L) + 1)
                        .setText(draft.text())
                        .setWithheld(draft.withheld())
                        .setFiles(draft.files())
                        .setDigest(draft.digest())
                        .setHistory(history.stream().distinct().limit(HISTORY).toList())
                        .setProfiles(identity.profiles())
                        .setParts(counts)
                        .setAppliedBy(by)
                        .setAppliedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                        .build();
        put(before, applied);
        return applied;
    }

    /**
     * Puts a configuration in force again, after one that was refused.
     *
     * @param refused the one on the topic
     * @param before the one that was in force
     * @throws IOException if Kafka does not take it
     */
    public AppliedConfig restore(AppliedConfig refused, AppliedConfig before, String by)
            throws IOException {
        AppliedConfig again =
                AppliedConfig.newBuilder(before)
                        .setVersion(refused.getVersion() + 1)
                        .setAppliedBy(by)
                        .setAppliedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                        .build();
        put(Optional.of(before), again);
        return again;
    }

    private void put(Optional<AppliedConfig> before, AppliedConfig now) throws IOException {
        if (before.isPresent()) {
            previous.write(Map.of("", before.get()));
        }
        configs.write(Map.of("", now));
        forget(before, now);
    }

    private int upload(String digest, byte[] file) throws IOException {
        Map<String, ProfilePart> records = new HashMap<>();
        int part = 0;
        for (int begin = 0; begin < file.length; begin += PART_BYTES) {
            int length = Math.min(PART_BYTES, file.length - begin);
            records.put(
                    digest + "/" + part,
                    new ProfilePart(digest, part, ByteBuffer.wrap(file, begin, length).slice()));
            part++;
        }
        parts.write(records);
        return part;
    }

    /** Parts that nobody needs any more, and answers about versions long gone. */
    private void forget(Optional<AppliedConfig> before, AppliedConfig now) throws IOException {
        Map<String, ProfilePart> gone = new HashMap<>();
        for (ProfilePart part : parts.latest()) {
            boolean isNeeded =
                    now.getParts().containsKey(part.getDigest())
                            || before.map(b -> b.getParts().containsKey(part.getDigest()))
                                    .orElse(false);
            if (!isNeeded) {
                gone.put(part.getDigest() + "/" + part.getPart(), null);
            }
        }
        parts.write(gone);
        Map<String, ConfigStatus> old = new HashMap<>();
        Stream<ConfigStatus> all = statuses.latest().stream();
        all.filter(status -> status.getVersion() < now.getVersion() - VERSIONS_ANSWERED)
                .forEach(status -> old.put(status.getJob() + "/" + status.getWorker(), null));
        statuses.write(old);
    }
}
