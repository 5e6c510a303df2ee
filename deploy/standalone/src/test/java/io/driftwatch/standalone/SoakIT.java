package io.driftwatch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.alerts.config.CanaryConfig;
import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.it.MoodyReceiver;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.job.source.KafkaSources;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.ScoreStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A long time of half the traffic that this machine can bear, while TaskManagers die one after the
 * other, a feature comes and goes, and the canary flies: nothing is lost, and neither memory nor
 * state grows. Sends, keeps and watches everything on one machine, so the rate is that of an
 * installation and not that of the job alone.
 */
@EnabledIfSystemProperty(named = "driftwatch.soak.minutes", matches = "[1-9].*")
class SoakIT {
    private static final Duration WARM_UP = Duration.ofSeconds(60);
    private static final double WARM_UP_RATE = 30_000;
    private static final Duration BURST = Duration.ofSeconds(60);

    /** Twice the time between checkpoints, which is when a group says how far it is. */
    private static final Duration READ_BUT_NOT_COMMITTED = Duration.ofSeconds(10);

    /** How much of the wanted rate must be sent: whoever sends is not to be what is tested. */
    private static final double LEAST_SHARE = 0.95;

    private static final int KILLS = 6;
    private static final int SAMPLES_BETWEEN_KILLS = 10;
    private static final int APPLY_AT = 7;
    private static final int SERIES_THAT_ALERT = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final List<String> PROCESSES =
            List.of("jobmanager-1", "taskmanager-1", "taskmanager-2");

    /** The last quarter of an hour may have so much more than the second. */
    private static final double FLAT = 1.25;

    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: trips
                profile: ${profile}
                streams:
                  - {role: inference, topic: trips, format: avro, schema: trip.avsc, event_time: at,
                     out_of_orderness: 1s, idle_after: 10m}
                window: {size: 10s, lateness: 1m, min_count: 20}
                segments: [country]
                features: {${features}}
                statistics: [psi, ks, mean, missing_rate]
            rules:
              - {alert: Drift, statistic: psi, above: 0.5, features: [x01]}
            delivery: {allow: [127.0.0.1]}
            receivers:
              - name: team
                webhook: [{url: "${endpoint}", format: json}]
            route: {receiver: team, group_by: ['...'], group_wait: 1s, group_interval: 1s}
            canary: {url: "${canary}"}
            """;

    private static final String COMES_AND_GOES =
            Traffic.numbers().get(Traffic.numbers().size() - 1);

    /** One look at everything. */
    private record Sample(
            double minute, Map<String, Vitals> processes, Map<String, Cluster.Checkpoint> state) {}

    private final int minutes = Integer.getInteger("driftwatch.soak.minutes");
    private final List<Sample> samples = new ArrayList<>();
    private final List<Double> flights = new ArrayList<>();
    private Cluster cluster;
    private MonitorConfig config;
    private MoodyReceiver receiver;
    private Traffic traffic;
    private Results results;
    private Path withAll;
    private Path withoutOne;
    private double rate;
    private long began;

    @Test
    void anHourOfHalfTheTrafficAndDyingTaskManagersLosesNothingAndFillsNoMemory() throws Exception {
        try (MoodyReceiver endpoint = new MoodyReceiver();
                Cluster started =
                        Cluster.start(
                                Path.of("target/soak").toAbsolutePath(),
                                "--ha",
                                "-D",
                                "execution.checkpointing.interval=5s")) {
            cluster = started;
            receiver = endpoint;
            String servers = cluster.bootstrapServers();
            install(servers);
            cluster.run("submit", "monitor", "-p", "2", "-c", withAll.toString());
            cluster.run("submit", "notify", "-p", "1", "-c", withAll.toString());
            cluster.awaitHealthy("monitor");
            cluster.awaitHealthy("notify");
            try (Traffic sending = new Traffic(servers, 1);
                    Results written =
                            new Results(
                                    servers,
                                    config.topics(),
                                    features(false),
                                    Set.of(COMES_AND_GOES))) {
                traffic = sending;
                results = written;
                rate = Integer.getInteger("driftwatch.soak.rate", 0);
                traffic.start(WARM_UP_RATE);
                pause(WARM_UP);
                if (rate == 0) {
                    double most = most();
                    say("at most %,.0f records/s; soaking at half of it".formatted(most));
                    rate = most / 2;
                }
                traffic.setRate(rate);
                soak();
                end();
            }
        }
    }

    private static List<String> features(boolean all) {
        return Stream.concat(Stream.of("country"), Traffic.numbers().stream())
                .filter(feature -> all || !feature.equals(COMES_AND_GOES))
                .toList();
    }

    private void install(String servers) throws Exception {
        Path folder = Files.createDirectories(cluster.folder().resolve("job"));
        Files.writeString(folder.resolve("trip.avsc"), Traffic.schema());
        Path reference = folder.resolve("reference.csv");
        Files.writeString(reference, Traffic.reference(20_000));
        String canary = freeUrl();
        withAll = configure("driftwatch.yaml", servers, canary, reference, features(true));
        withoutOne = configure("without-one.yaml", servers, canary, reference, features(false));
        config = ConfigLoader.load(withAll);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) servers))) {
            // What has been counted may go: an hour of it would fill a disk.
            Map<String, String> retention =
                    Map.of("retention.bytes", "4000000000", "segment.bytes", "200000000");
            admin.createTopics(
                            List.of(
                                    new NewTopic(Traffic.TOPIC, Traffic.PARTITIONS, (short) 1)
                                            .configs(retention)))
                    .all()
                    .get();
        }
        CommandLineRun topics = CommandLineRun.of("topics", "create", "-c", withAll);
        assertThat(topics.code()).as(topics.err()).isZero();
    }

    private Path configure(
            String name, String servers, String canary, Path reference, List<String> features)
            throws IOException {
        Path file = reference.resolveSibling(name);
        Files.writeString(
                file,
                CONFIG.replace("${servers}", servers)
                        .replace("${endpoint}", receiver.url("endpoint"))
                        .replace("${canary}", canary)
                        .replace("${profile}", name.replace(".yaml", ".avro"))
                        .replace("${features}", String.join(": {}, ", features) + ": {}"));
        CommandLineRun built =
                CommandLineRun.of("profile", "-c", file, "--input", "inference=" + reference);
        assertThat(built.code()).as(built.err()).isZero();
        return file;
    }

    private static String freeUrl() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + free.getLocalPort() + "/";
        }
    }

    /** Records a second, from the first of a burst until the last of it has been read. */
    private double most() throws Exception {
        long before = position();
        long start = System.nanoTime();
        traffic.setRate(Double.POSITIVE_INFINITY);
        pause(BURST);
        traffic.setRate(0);
        double sending = seconds(start);
        await("all of the burst to be read", () -> lag() == 0);
        double all = seconds(start);
        long records = position() - before;
        say(
                "burst: %,d records sent in %.0f s and read after %.0f s"
                        .formatted(records, sending, all));
        return records / all;
    }

    private List<KafkaTopics.Progress> progress() throws IOException {
        try (KafkaTopics topics = new KafkaTopics(config.kafka())) {
            return topics.progress(
                    Traffic.TOPIC, Traffic.PARTITIONS, KafkaSources.group(config.kafka()));
        }
    }

    private long lag() throws IOException {
        return progress().stream().mapToLong(KafkaTopics.Progress::lag).sum();
    }

    private long position() throws IOException {
        return progress().stream()
                .mapToLong(each -> each.committed() == null ? 0 : each.committed())
                .sum();
    }

    /** A drift begins after each death and ends half way to the next one. */
    private void soak() throws Exception {
        long before = records();
        began = System.nanoTime();
        double pace = minutes / (double) KILLS;
        for (int kill = 0; kill < KILLS; kill++) {
            for (int i = 1; i <= SAMPLES_BETWEEN_KILLS; i++) {
                sleepUntil((kill + i / (double) SAMPLES_BETWEEN_KILLS) * pace);
                if (kill > 0 && i == SAMPLES_BETWEEN_KILLS / 2) {
                    drift(kill, false);
                }
                if (i == APPLY_AT) {
                    apply(kill % 2 == 0 ? withoutOne : withAll);
                }
                sample();
                fly();
            }
            dies("taskmanager-" + (kill % 2 + 1));
            if (kill < KILLS - 1) {
                drift(kill + 1, true);
            }
        }
        double reached = (records() - before) / seconds(began);
        say("%,.0f records/s were sent, of %,.0f that were wanted".formatted(reached, rate));
        assertThat(reached).as("records/s").isGreaterThan(LEAST_SHARE * rate);
    }

    private long records() throws IOException {
        return progress().stream().mapToLong(KafkaTopics.Progress::end).sum();
    }

    private void sample() throws Exception {
        Map<String, Vitals> processes = new TreeMap<>();
        for (String role : PROCESSES) {
            processes.put(role, Vitals.of(cluster.process(role)));
        }
        Map<String, Cluster.Checkpoint> state = new TreeMap<>();
        for (String job : List.of("monitor", "notify")) {
            state.put(job, cluster.lastCheckpoint(job));
        }
        Sample sample = new Sample(seconds(began) / 60, processes, state);
        samples.add(sample);
        StringBuilder line = new StringBuilder();
        line.append("minute %.1f, lag %,d".formatted(sample.minute(), lag()));
        processes.forEach(
                (role, v) ->
                        line.append(
                                ", %s heap %.1f metaspace %.1f MiB"
                                        .formatted(
                                                role,
                                                mebibytes(v.heap()),
                                                mebibytes(v.metaspace()))));
        state.forEach(
                (job, c) ->
                        line.append(
                                ", %s state %,d bytes in %d ms"
                                        .formatted(job, c.bytes(), c.millis())));
        say(line.toString());
    }

    private void apply(Path file) {
        CommandLineRun applied = CommandLineRun.of("apply", "-c", file, "--wait", "60");
        assertThat(applied.code()).as(applied.err()).isZero();
        say(
                applied.out()
                        .lines()
                        .filter(line -> line.startsWith("in force"))
                        .collect(Collectors.joining(", ", file.getFileName() + ": ", "")));
    }

    private void fly() throws IOException {
        CommandLineRun flown =
                CommandLineRun.of("canary", "-c", withAll, "--within", "60s", "--output", "json");
        assertThat(flown.code()).as(flown.out() + flown.err()).isZero();
        flights.add(new ObjectMapper().readTree(flown.out()).path("delay_seconds").asDouble());
    }

    private void dies(String role) throws Exception {
        Instant killed = Instant.now();
        cluster.run("kill", role);
        cluster.run("start-one", role);
        await(
                "a window after the death of " + role,
                () -> {
                    List<Score> all = results.scores();
                    return all.get(all.size() - 1).getWindowStart().isAfter(killed);
                });
        double fresh = Duration.between(killed, Instant.now()).toMillis() / 1e3;
        await("the backlog to be read", () -> lag() < rate * READ_BUT_NOT_COMMITTED.toSeconds());
        double caughtUp = Duration.between(killed, Instant.now()).toMillis() / 1e3;
        say(
                "minute %.1f: kill -9 of %s; the first window that began after it was scored %.0f s after it, the backlog read %.0f s after it"
                        .formatted(seconds(began) / 60, role, fresh, caughtUp));
    }

    private void drift(int episode, boolean begins) throws Exception {
        long start = System.nanoTime();
        traffic.drift(begins);
        String state = begins ? "firing" : "resolved";
        receiver.await(
                () -> Told.taken(receiver, "endpoint", episode, state) == SERIES_THAT_ALERT,
                PATIENCE);
        say("episode %d %s, told %.0f s after it".formatted(episode, state, seconds(start)));
    }

    private void end() throws Exception {
        // What follows closes all windows that are compared.
        List<Instant> windows = traffic.windows();
        Instant last = windows.get(windows.size() - 1);
        pause(Duration.ofMillis(4 * Traffic.WINDOW_MILLIS));
        long sent = traffic.finish();
        assertThat(results.differences(traffic.rows(), last)).isEmpty();
        await("the end to be read", () -> lag() == 0);
        assertThat(records()).as("records in the topic").isEqualTo(sent);
        Set<String> dead = results.deadUntil(traffic.bad());
        // A death may come so soon after a flight that its message is sent again to nobody.
        dead.remove(Results.NOT_FROM_A_TOPIC);
        assertThat(dead).as("dead letters").isEqualTo(traffic.bad());
        assertThat(results.lateUntil(traffic.late())).as("late records").isEqualTo(traffic.late());
        assertThat(Told.taken(receiver, "endpoint"))
                .as("changes that the endpoint was told")
                .hasSize(2 * SERIES_THAT_ALERT * (KILLS - 1));
        assertThat(Told.contradictions(receiver, "endpoint")).isEmpty();
        assertThat(results.deliveries())
                .filteredOn(delivery -> !delivery.getReceiver().equals(CanaryConfig.NAME))
                .allMatch(delivery -> delivery.getOutcome() == DeliveryOutcome.delivered);
        say(
                ("%d minutes at %,.0f records/s: %,d records (%,d late, %,d dead letters), %,d scores and"
                                + " %,d more that repeat one of them, %,d requests to the endpoint, %,d of"
                                + " them not the first of their id")
                        .formatted(
                                minutes,
                                rate,
                                sent,
                                traffic.late().size(),
                                traffic.bad().size(),
                                results.distinctScores(),
                                results.scores().size() - results.distinctScores(),
                                receiver.requests().size(),
                                receiver.requests().size() - Told.ids(receiver)));
        say(
                "the canary: %d flights, told after %s s in the median, %s s at most"
                        .formatted(
                                flights.size(),
                                flights.stream().sorted().toList().get(flights.size() / 2),
                                Collections.max(flights)));
        say(
                "%s: %,d scores"
                        .formatted(
                                COMES_AND_GOES,
                                results.scores().stream().filter(SoakIT::comesAndGoes).count()));
        flat("heap of the JobManager", s -> s.processes().get(PROCESSES.get(0)).heap());
        flat("classes of the JobManager", s -> s.processes().get(PROCESSES.get(0)).metaspace());
        // Together, because whoever survives takes over what the other one ran.
        flat("heap of the TaskManagers", s -> ofTaskManagers(s, Vitals::heap));
        flat("classes of the TaskManagers", s -> ofTaskManagers(s, Vitals::metaspace));
        for (String job : List.of("monitor", "notify")) {
            flat("state of " + job, s -> s.state().get(job).bytes());
        }
    }

    private static boolean comesAndGoes(Score score) {
        return score.getFeature().equals(COMES_AND_GOES) && score.getStatus() == ScoreStatus.scored;
    }

    private static long ofTaskManagers(Sample sample, ToLongFunction<Vitals> figure) {
        return PROCESSES.stream()
                .skip(1)
                .mapToLong(role -> figure.applyAsLong(sample.processes().get(role)))
                .sum();
    }

    /** The first quarter warms up; after it nothing may grow. */
    private void flat(String what, ToLongFunction<Sample> figure) {
        long second = median(samples.subList(samples.size() / 4, samples.size() / 2), figure);
        long fourth = median(samples.subList(samples.size() * 3 / 4, samples.size()), figure);
        say(
                "%s: medians of the second and of the last quarter %.2f and %.2f MiB"
                        .formatted(what, mebibytes(second), mebibytes(fourth)));
        assertThat((double) fourth).as(what).isLessThan(FLAT * second);
    }

    private static long median(List<Sample> some, ToLongFunction<Sample> figure) {
        long[] sorted = some.stream().mapToLong(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /** Looks again and again: neither Kafka nor Flink says of itself that it has come so far. */
    private static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("waited ten minutes for " + what);
            }
            pause(Duration.ofMillis(500));
        }
    }

    private void sleepUntil(double minute) {
        long at = began + (long) (minute * TimeUnit.MINUTES.toNanos(1));
        pause(Duration.ofNanos(Math.max(0, at - System.nanoTime())));
    }

    /** Time itself is what a soak waits for. */
    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double mebibytes(long bytes) {
        return bytes / (double) (1 << 20);
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
