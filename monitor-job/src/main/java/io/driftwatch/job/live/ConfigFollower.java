package io.driftwatch.job.live;

import io.driftwatch.alerts.config.ConfigException;
import io.driftwatch.job.metrics.JobMetric;
import io.driftwatch.schemas.AppliedConfig;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.ConfigStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides for all operators of a job in one process which configuration is in force there.
 *
 * <p>At the start of a process that is the published one if the job's own stands in its history,
 * that is, was replaced by it; otherwise the job's own is newer. From then on it is whatever is
 * published. One that does not fit the job is refused: the one before stays in force. Either way an
 * answer goes to the topic.
 */
final class ConfigFollower implements ControlReader.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigFollower.class);
    private static final long PATIENCE_SECONDS = 60;

    /** Each may hold profiles, which are large. */
    private static final int MOST_KNOWN = 4;

    private static final Map<Key, ConfigFollower> RUNNING = new HashMap<>();

    /** What followers of one process are told apart by. */
    private record Key(
            String job, String servers, String topic, ConfigIdentity identity, Set<String> models) {
        static Key of(LiveControl control) {
            return new Key(
                    control.job(),
                    control.config().kafka().bootstrapServers(),
                    control.config().topics().control(),
                    control.identity(),
                    control.features().keySet());
        }
    }

    private final LiveControl control;
    private final String worker = UUID.randomUUID().toString();
    private final ControlReader reader;
    private final PublishedConfigs configs;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final AtomicLong refused = new AtomicLong();
    private int leases;

    /**
     * What is in force, and before it what was in force with other features: records that were read
     * by those may still be on their way. Null among them is what the job was built with.
     */
    private volatile List<Applied> known = Collections.singletonList(null);

    private volatile long changes;
    private volatile long version;

    /** What was decided about last, whatever was decided; null before that. */
    private AppliedConfig last;

    private volatile Exception failure;

    private ConfigFollower(LiveControl control) {
        ClassTrust.ensure();
        this.control = control;
        this.reader = new ControlReader(control, this);
        this.configs = new PublishedConfigs(control, reader::profile);
    }

    /** An operator's hold on a follower, which ends with the last of them. */
    static final class Lease implements AutoCloseable {
        private final Key key;
        private final ConfigFollower follower;

        private Lease(Key key, ConfigFollower follower) {
            this.key = key;
            this.follower = follower;
        }

        /**
         * Returns what was applied, and what was in force before that with other features, the
         * newest first; null for what the job was built with.
         */
        List<Applied> known() {
            return follower.known;
        }

        /** Returns how often it has changed; to be asked before what it has changed to. */
        long changes() {
            return follower.changes;
        }

        /** Waits until it has changed more often than that. */
        void awaitChange(long seen, Duration longest) throws InterruptedException {
            follower.awaitChange(seen, longest);
        }

        /** Shows which configuration is in force, and how many were refused, as metrics. */
        void register(RuntimeContext context) {
            String part = follower.control.job();
            MetricGroup group = context.getMetricGroup();
            JobMetric.CONFIG_VERSION
                    .in(group, part)
                    .gauge(JobMetric.CONFIG_VERSION.shortName(), () -> follower.version);
            JobMetric.CONFIG_REFUSED
                    .in(group, part)
                    .gauge(JobMetric.CONFIG_REFUSED.shortName(), follower.refused::get);
        }

        @Override
        public void close() {
            synchronized (RUNNING) {
                follower.leases--;
                if (follower.leases > 0) {
                    return;
                }
                RUNNING.remove(key);
            }
            follower.reader.stop();
        }
    }

    /**
     * Begins to follow, or joins who does already; returns when it is known what is in force.
     *
     * @throws IOException if the topic cannot be read
     */
    static Lease follow(LiveControl control) throws IOException {
        Key key = Key.of(control);
        ConfigFollower follower;
        synchronized (RUNNING) {
            follower = RUNNING.get(key);
            if (follower == null) {
                follower = new ConfigFollower(control);
                RUNNING.put(key, follower);
                follower.reader.start();
            }
            follower.leases++;
        }
        Lease lease = new Lease(key, follower);
        try {
            boolean isKnown = follower.caughtUp.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!isKnown || follower.failure != null) {
                lease.close();
                throw new IOException(
                        "the control topic "
                                + control.config().topics().control()
                                + " cannot be read; make it with driftwatch topics create, or check"
                                + " that Kafka answers and lets the job read it",
                        follower.failure);
            }
            return lease;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lease.close();
            throw new IOException("interrupted while reading the control topic", e);
        }
    }

    private synchronized void setCurrent(Applied applied) {
        List<Applied> now = new ArrayList<>();
        Set<List<Long>> layouts = new HashSet<>();
        layouts.add(control.layouts(applied));
        now.add(applied);
        for (Applied before : known) {
            if (now.size() < MOST_KNOWN && layouts.add(control.layouts(before))) {
                now.add(before);
            }
        }
        known = Collections.unmodifiableList(now);
        changes++;
        notifyAll();
    }

    private synchronized void awaitChange(long seen, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (changes == seen) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    /** Decides what is in force at the start, or after the topic was read anew. */
    @Override
    public void begin(AppliedConfig newest, AppliedConfig previous) {
        if (newest != null && !isDecided(newest)) {
            boolean isKnown =
                    control.identity().is(identity(newest))
                            || newest.getHistory().stream().anyMatch(control.identity()::isIn);
            if (!isKnown && last == null) {
                LOG.warn(
                        "The control topic holds configuration version {}, which does not know the"
                                + " one that this job was started with; the job's own is in force",
                        newest.getVersion());
                last = newest;
                version = newest.getVersion();
            } else if (!take(newest) && known.get(0) == null && previous != null) {
                LOG.warn("Version {} is tried instead", previous.getVersion());
                take(previous);
            }
        }
        reader.forgetProfiles();
        failure = null;
        caughtUp.countDown();
    }

    @Override
    public void published(AppliedConfig config) {
        if (!isDecided(config)) {
            take(config);
        }
    }

    @Override
    public void failed(Exception reason) {
        failure = reason;
        caughtUp.countDown();
    }

    /** Whether it is the one that was decided about last, written a second time. */
    private boolean isDecided(AppliedConfig config) {
        return last != null
                && last.getVersion() == config.getVersion()
                && identity(last).equals(identity(config));
    }

    private static ConfigIdentity identity(AppliedConfig config) {
        return new ConfigIdentity(config.getDigest(), config.getProfiles());
    }

    /** Takes a configuration up, or refuses it; says which. */
    private boolean take(AppliedConfig config) {
        List<String> mistakes = new ArrayList<>();
        Applied accepted = null;
        try {
            accepted =
                    control.identity().is(identity(config)) ? null : configs.read(config, mistakes);
        } catch (ConfigException e) {
            e.problems().forEach(problem -> mistakes.add(problem.toString()));
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.warn("Configuration version {} cannot be read", config.getVersion(), e);
            mistakes.add("cannot be read: " + e.getMessage());
        }
        last = config;
        version = config.getVersion();
        reader.forgetProfiles();
        String reason = mistakes.isEmpty() ? null : String.join("; ", mistakes);
        if (reason == null) {
            setCurrent(accepted);
            LOG.info(
                    "Configuration version {} is in force, applied by {}",
                    config.getVersion(),
                    config.getAppliedBy());
        } else {
            refused.incrementAndGet();
            LOG.error(
                    "Configuration version {} is refused and the one before stays in force: {}",
                    config.getVersion(),
                    reason);
        }
        answer(config.getVersion(), reason);
        return reason == null;
    }

    private void answer(long answered, String reason) {
        ConfigStatus status =
                ConfigStatus.newBuilder()
                        .setJob(control.job())
                        .setWorker(worker)
                        .setVersion(answered)
                        .setAccepted(reason == null)
                        .setReason(reason)
                        .setAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                        .setAccounting(control.accounting())
                        .build();
        try {
            new ConfigTopic(control.config().kafka(), control.config().topics().control())
                    .answer(status);
        } catch (IOException e) {
            LOG.warn("Nobody can be told about configuration version {}", answered, e);
        }
    }
}
