package io.driftwatch.job.live;

import io.driftwatch.alerts.rule.Figures;
import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.kafka.TopicRecords;
import io.driftwatch.job.kafka.TopicTransaction;
import io.driftwatch.job.kafka.TopicTransaction.OvertakenException;
import io.driftwatch.schemas.AppliedConfig;
import io.driftwatch.schemas.ConfigStatus;
import io.driftwatch.schemas.ProfilePart;
import io.driftwatch.schemas.StreamAccounting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Configurations on the control topic, for programs that run for a moment. Each replaces one that
 * its author has seen: of several authors at the same moment one comes first, and the others hear
 * of it.
 */
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

    private final KafkaConfig kafka;
    private final String topic;
    private final TopicRecords<AppliedConfig> configs;
    private final TopicRecords<AppliedConfig> previous;
    private final TopicRecords<ProfilePart> parts;
    private final TopicRecords<ConfigStatus> statuses;

    /** Somebody else came first; what was to be published is not on the topic. */
    public static final class ConflictException extends IOException {
        private static final long serialVersionUID = 1L;

        ConflictException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    public ConfigTopic(KafkaConfig kafka, String topic) {
        this.kafka = kafka;
        this.topic = topic;
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

    /**
     * Returns the features by which the jobs that follow the topic account for streams, as those
     * that answered last have said.
     *
     * @throws IOException if Kafka does not answer, or has no such topic
     */
    public Collection<StreamAccounting> accounting() throws IOException {
        Map<List<String>, StreamAccounting> newest = new LinkedHashMap<>();
        for (ConfigStatus status : statuses.latest()) {
            for (StreamAccounting each : status.getAccounting()) {
                newest.put(List.of(each.getModel(), each.getStream()), each);
            }
        }
        return List.copyOf(newest.values());
    }

    /** Puts down what a worker has made of a configuration. */
    void answer(ConfigStatus status) throws IOException {
        statuses.write(Map.of(status.getJob() + "/" + status.getWorker(), status));
    }

    /**
     * Puts a configuration in force after another.
     *
     * @param before the one that is to be replaced; empty for none
     * @param identity of the draft, with its profiles
     * @param profiles the profiles' files by digest, for jobs that do not have them; empty when the
     *     job that publishes brings them itself
     * @return what was published
     * @throws ConflictException if it is no longer in force, or another is published just now
     * @throws IOException if Kafka does not take it; then nothing has changed
     */
    public AppliedConfig publish(
            Optional<AppliedConfig> before,
            ConfigDraft draft,
            ConfigIdentity identity,
            Map<String, Path> profiles,
            String by)
            throws IOException {
        try (TopicTransaction transaction = TopicTransaction.begin(kafka, topic)) {
            Optional<AppliedConfig> current = current();
            if (!current.equals(before)) {
                throw new ConflictException(
                        current.map(now -> describe(now) + " is in force since")
                                .orElse("the topic " + topic + " was emptied since"),
                        null);
            }
            AppliedConfig applied = upload(transaction, before, draft, identity, profiles, by);
            put(transaction, before, applied);
            return applied;
        } catch (OvertakenException e) {
            throw atTheSameMoment(e);
        }
    }

    /** Names a configuration and who put it in force. */
    public static String describe(AppliedConfig config) {
        return "version "
                + config.getVersion()
                + ", which "
                + config.getAppliedBy()
                + " applied at "
                + Figures.instant(config.getAppliedAt())
                + ",";
    }

    private static ConflictException atTheSameMoment(OvertakenException e) {
        return new ConflictException(
                "another configuration is being put in force at the same moment", e);
    }

    private AppliedConfig upload(
            TopicTransaction transaction,
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
                byte[] file = Files.readAllBytes(profiles.get(digest));
                counts.put(digest, upload(transaction, digest, file));
            }
        }
        List<String> history = new ArrayList<>();
        before.ifPresent(
                b -> {
                    history.add(new ConfigIdentity(b.getDigest(), b.getProfiles()).entry());
                    history.addAll(b.getHistory());
                });
        return AppliedConfig.newBuilder()
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
    }

    /**
     * A configuration that is in force again.
     *
     * @param version under which it is now
     * @param from under which it was before
     */
    public record Restored(long version, long from) {}

    /**
     * Puts in force again what was so before one that was refused: the newest that nobody refuses.
     *
     * @param refused the one that is to be replaced
     * @return empty if there is none
     * @throws ConflictException if the refused one is no longer in force
     * @throws IOException if Kafka does not take it
     */
    public Optional<Restored> restore(AppliedConfig refused, String by) throws IOException {
        try (TopicTransaction transaction = TopicTransaction.begin(kafka, topic)) {
            AppliedConfig current = current().orElse(null);
            if (!refused.equals(current)) {
                throw new ConflictException("it is no longer in force", null);
            }
            Optional<AppliedConfig> before = lastGood(refused.getVersion());
            if (before.isEmpty()) {
                return Optional.empty();
            }
            AppliedConfig again =
                    AppliedConfig.newBuilder(before.get())
                            .setVersion(refused.getVersion() + 1)
                            .setAppliedBy(by)
                            .setAppliedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                            .build();
            put(transaction, before, again);
            return Optional.of(new Restored(again.getVersion(), before.get().getVersion()));
        } catch (OvertakenException e) {
            throw atTheSameMoment(e);
        }
    }

    /** The newest before a version, of those that the topic still holds, that nobody refuses. */
    private Optional<AppliedConfig> lastGood(long version) throws IOException {
        // What a job refuses may be taken up by it later, in another process.
        Map<Long, Map<String, Boolean>> answers = new HashMap<>();
        for (ConfigStatus status : statuses.all()) {
            answers.computeIfAbsent(status.getVersion(), v -> new HashMap<>())
                    .put(status.getJob(), status.getAccepted());
        }
        return Stream.concat(previous.all().stream(), configs.all().stream())
                .filter(config -> config.getVersion() < version)
                .filter(
                        config ->
                                !answers.getOrDefault(config.getVersion(), Map.of())
                                        .containsValue(false))
                .max(Comparator.comparingLong(AppliedConfig::getVersion));
    }

    private void put(
            TopicTransaction transaction, Optional<AppliedConfig> before, AppliedConfig now)
            throws IOException {
        Set<String> needed = new HashSet<>(now.getParts().keySet());
        before.ifPresent(config -> needed.addAll(config.getParts().keySet()));
        // If the one before is refused yet, it is this one that will be in force again.
        previous.latest().forEach(config -> needed.addAll(config.getParts().keySet()));
        if (before.isPresent()) {
            previous.write(transaction, Map.of("", before.get()));
        }
        configs.write(transaction, Map.of("", now));
        forget(transaction, needed, now.getVersion() - VERSIONS_ANSWERED);
        try {
            transaction.commit();
        } catch (OvertakenException e) {
            // Kafka may have committed it, and its answer may have come too late.
            if (!current().equals(Optional.of(now))) {
                throw e;
            }
        }
    }

    private int upload(TopicTransaction transaction, String digest, byte[] file)
            throws IOException {
        Map<String, ProfilePart> records = new HashMap<>();
        int part = 0;
        for (int begin = 0; begin < file.length; begin += PART_BYTES) {
            int length = Math.min(PART_BYTES, file.length - begin);
            records.put(
                    digest + "/" + part,
                    new ProfilePart(digest, part, ByteBuffer.wrap(file, begin, length).slice()));
            part++;
        }
        parts.write(transaction, records);
        return part;
    }

    /** Parts that nobody needs any more, and answers about versions long gone. */
    private void forget(TopicTransaction transaction, Set<String> needed, long lastForgotten)
            throws IOException {
        Map<String, ProfilePart> gone = new HashMap<>();
        for (ProfilePart part : parts.latest()) {
            if (!needed.contains(part.getDigest())) {
                gone.put(part.getDigest() + "/" + part.getPart(), null);
            }
        }
        parts.write(transaction, gone);
        Map<String, ConfigStatus> old = new HashMap<>();
        Stream<ConfigStatus> all = statuses.latest().stream();
        all.filter(status -> status.getVersion() < lastForgotten)
                .forEach(status -> old.put(status.getJob() + "/" + status.getWorker(), null));
        statuses.write(transaction, old);
    }
}
