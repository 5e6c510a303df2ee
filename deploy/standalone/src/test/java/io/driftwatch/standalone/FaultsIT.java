package io.driftwatch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.Main;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.it.MoodyReceiver;
import io.driftwatch.job.it.MoodyReceiver.Mood;
import io.driftwatch.job.it.Truth;
import io.driftwatch.job.kafka.KafkaTopics;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.codec.RecordCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/**
 * What is promised, held to while a real cluster falls to pieces. Each round begins a drift, lets
 * one fault happen, waits until every endpoint has been told, ends the drift, waits again, and then
 * counts. At the end everything is compared with an undisturbed computation over the same records.
 */
class FaultsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int SERIES_THAT_ALERT = 4;
    private static final List<String> ENDPOINTS = List.of("well", "moody");
    private static final List<String> FEATURES = List.of("amount", "country");

    /** The second takes a subtask of the monitor job with it, as the jobs are spread evenly. */
    private static final List<Fault> SHORT =
            List.of(
                    Fault.JOB_MANAGER_DIES,
                    Fault.NOTIFIER_DIES_WHILE_AN_ENDPOINT_ASKS_FOR_PATIENCE);

    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams:
                  - {role: inference, topic: baskets, format: json, event_time: at,
                     out_of_orderness: 1s, idle_after: 10m}
                window: {size: 1m, lateness: 2m, min_count: 20}
                segments: [country]
                features:
                  amount: {type: numeric, path: /basket/amount}
                  country: {type: categorical}
                statistics: [psi, ks, mean, missing_rate]
            rules:
              - {alert: AmountDrift, statistic: psi, above: 0.5, features: [amount]}
            delivery: {allow: [127.0.0.1]}
            receivers:
              - name: team
                webhook:
                  - {url: "${well}", format: json, timeout: 3s}
                  - {url: "${moody}", format: json, timeout: 3s}
            route: {receiver: team, group_by: ['...'], group_wait: 50ms, group_interval: 1s}
            """;

    private final long seed = Long.getLong("driftwatch.faults.seed", System.nanoTime() % 1_000_000);
    private final Random random = new Random(seed);
    private Cluster cluster;
    private MoodyReceiver receiver;
    private Load load;
    private Path configuration;
    private int monitorParallelism = 2;
    private int notifyParallelism = 1;

    @Test
    void whateverDiesNothingIsLostCountedTwiceOrToldDifferently() throws Exception {
        List<Fault> rounds = rounds();
        say("seed " + seed + ", rounds: " + rounds);
        try (MoodyReceiver endpoints = new MoodyReceiver(2);
                Cluster started =
                        Cluster.start(
                                Path.of("target/faults").toAbsolutePath(),
                                "--ha",
                                "-D",
                                "execution.checkpointing.interval=1s")) {
            cluster = started;
            receiver = endpoints;
            String servers = cluster.bootstrapServers();
            MonitorConfig config = install(servers);
            cluster.run("submit", "monitor", "-p", "2", "-c", configuration.toString());
            cluster.run("submit", "notify", "-p", "1", "-c", configuration.toString());
            try (Load sending = new Load(servers, seed);
                    TopicTruth truth = new TopicTruth(servers);
                    Results results = new Results(servers, config.topics(), FEATURES)) {
                load = sending;
                load.start();
                for (int i = 0; i < rounds.size(); i++) {
                    round(i + 1, rounds.get(i), truth, results);
                }
                theEnd(truth, results);
            }
        }
    }

    /**
     * Those named, or as many as asked for, each once before one comes again, or the chosen few.
     */
    private List<Fault> rounds() {
        String named = System.getProperty("driftwatch.faults.list", "");
        if (!named.isEmpty()) {
            return Stream.of(named.split(",")).map(Fault::valueOf).toList();
        }
        int count = Integer.getInteger("driftwatch.faults.rounds", 0);
        List<Fault> rounds = new ArrayList<>(count == 0 ? SHORT : List.of());
        while (rounds.size() < count) {
            List<Fault> all = new ArrayList<>(List.of(Fault.values()));
            Collections.shuffle(all, random);
            rounds.addAll(all.subList(0, Math.min(all.size(), count - rounds.size())));
        }
        return rounds;
    }

    private MonitorConfig install(String servers) throws Exception {
        Path folder = Files.createDirectories(cluster.folder().resolve("job"));
        configuration = folder.resolve("driftwatch.yaml");
        Files.writeString(
                configuration,
                CONFIG.replace("${servers}", servers)
                        .replace("${well}", receiver.url("well"))
                        .replace("${moody}", receiver.url("moody")));
        Path reference = folder.resolve("reference.csv");
        Files.writeString(reference, Truth.reference(20_000));
        assertThat(
                        Main.run(
                                "profile",
                                "-c",
                                configuration.toString(),
                                "--input",
                                "inference=" + reference))
                .isZero();
        MonitorConfig config = ConfigLoader.load(configuration);
        try (KafkaTopics topics = new KafkaTopics(config.kafka())) {
            topics.create(List.of(Load.TOPIC), Load.PARTITIONS, (short) 1);
            topics.create(config.topics().names().values(), config.topics());
        }
        return config;
    }

    private void round(int number, Fault fault, TopicTruth truth, Results results)
            throws Exception {
        long began = System.nanoTime();
        StringBuilder how = new StringBuilder();
        try {
            cluster.awaitHealthy("monitor");
            cluster.awaitHealthy("notify");
            boolean atTheBeginning = random.nextBoolean();
            drift(true, number, atTheBeginning || needsAnAlert(fault) ? fault : null, how);
            drift(false, number, atTheBeginning || needsAnAlert(fault) ? null : fault, how);
            check(truth, results);
            say(
                    "round %d: %s%s: %,d records, up to window %d, %.0f s"
                            .formatted(
                                    number,
                                    fault,
                                    how,
                                    truth.read(),
                                    load.window(),
                                    seconds(began)));
        } catch (Throwable e) {
            throw new AssertionError(
                    "round %d, %s%s, seed %d: %s"
                            .formatted(number, fault, how, seed, e.getMessage()),
                    e);
        }
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    /** Begins or ends a drift, with a fault or without, and waits until everybody knows. */
    private void drift(boolean begins, int episode, Fault fault, StringBuilder how)
            throws Exception {
        load.drift(begins);
        if (fault != null) {
            long records = random.nextInt(2_000);
            how.append(
                    ", %,d records into the %s".formatted(records, begins ? "drift" : "end of it"));
            load.awaitMore(records);
            happen(fault, episode, how);
        }
        String state = begins ? "firing" : "resolved";
        for (String path : ENDPOINTS) {
            receiver.await(
                    () -> Told.taken(receiver, path, episode, state) == SERIES_THAT_ALERT,
                    PATIENCE);
        }
    }

    private static boolean needsAnAlert(Fault fault) {
        return fault.name().startsWith("NOTIFIER_DIES");
    }

    private void happen(Fault fault, int episode, StringBuilder how) throws Exception {
        switch (fault) {
            case TASK_MANAGER_DIES -> dies(one(cluster.taskManagers("monitor")), how);
            case JOB_MANAGER_DIES -> dies("jobmanager-1", how);
            case BROKER_DIES -> dies("broker", how);
            case ZOOKEEPER_DIES -> dies("zookeeper", how);
            case NOTIFIER_DIES_WHILE_AN_ENDPOINT_HANGS -> notifierDies(Mood.HANGS, episode, how);
            case NOTIFIER_DIES_WHILE_AN_ENDPOINT_FAILS -> notifierDies(Mood.FAILS, episode, how);
            case NOTIFIER_DIES_WHILE_AN_ENDPOINT_ASKS_FOR_PATIENCE ->
                    notifierDies(Mood.ASKS_FOR_PATIENCE, episode, how);
            case MONITOR_IS_RESCALED ->
                    monitorParallelism = rescale("monitor", monitorParallelism, how);
            case NOTIFY_IS_RESCALED ->
                    notifyParallelism = rescale("notify", notifyParallelism, how);
            case CHECKPOINTS_CANNOT_BE_WRITTEN -> checkpointsFail(how);
        }
    }

    private String one(Set<String> taskManagers) {
        List<String> all = List.copyOf(taskManagers);
        return all.get(random.nextInt(all.size()));
    }

    private void dies(String role, StringBuilder how) throws Exception {
        cluster.run("kill", role);
        long down = random.nextInt(4_000);
        how.append(", kill -9 of %s, back after %,d records".formatted(role, down));
        load.awaitMore(down);
        cluster.run("start-one", role);
    }

    /** The healthy endpoint is told while the other one is not well and before anything dies. */
    private void notifierDies(Mood mood, int episode, StringBuilder how) throws Exception {
        receiver.set("moody", mood);
        try {
            receiver.await(
                    () -> Told.taken(receiver, "well", episode, "firing") == SERIES_THAT_ALERT,
                    PATIENCE);
            receiver.await(
                    () ->
                            Told.by(receiver, "moody").stream()
                                    .anyMatch(
                                            line ->
                                                    line.change()
                                                            .endsWith(" " + episode + " firing")),
                    PATIENCE);
            dies(one(cluster.taskManagers("notify")), how);
        } finally {
            receiver.set("moody", Mood.WELL);
        }
    }

    private int rescale(String job, int parallelism, StringBuilder how) throws Exception {
        int other = 1 + (parallelism + random.nextInt(2)) % 3;
        how.append(", %s from %d to %d subtasks".formatted(job, parallelism, other));
        String savepoint = cluster.run("stop-job", job);
        cluster.run(
                "submit",
                job,
                "-p",
                other + "",
                "-c",
                configuration + "",
                "--from-savepoint",
                savepoint);
        return other;
    }

    /** A file stands where the folder was: no permission that is denied would stop root. */
    private void checkpointsFail(StringBuilder how) throws Exception {
        Path store = cluster.folder().resolve("data/checkpoints");
        Path away = store.resolveSibling("checkpoints.away");
        Files.move(store, away);
        Files.createFile(store);
        try {
            cluster.awaitFailedCheckpoint("monitor");
            cluster.awaitFailedCheckpoint("notify");
            how.append(", a checkpoint of each job failed");
            if (random.nextBoolean()) {
                dies(one(cluster.taskManagers("monitor")), how);
            }
        } finally {
            Files.delete(store);
            Files.move(away, store);
        }
    }

    /** The last window that the resolved alerts tell to be complete is the one before theirs. */
    private void check(TopicTruth truth, Results results) throws Exception {
        Instant last = lastJudged(results);
        truth.catchUp();
        assertThat(truth.distinct())
                .as("records that stand in the topic once")
                .isEqualTo(truth.read());
        assertThat(results.differences(truth.rows(), last))
                .as("differences in scores and alerts")
                .isEmpty();
        for (String path : ENDPOINTS) {
            assertThat(Told.contradictions(receiver, path))
                    .as("what %s was told in two ways", path)
                    .isEmpty();
        }
    }

    private static Instant lastJudged(Results results) {
        return results.alerts().stream()
                .map(alert -> alert.getScore().getWindowStart())
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** Everything against a single pass over the same records, in another process of Flink. */
    private void theEnd(TopicTruth truth, Results results) throws Exception {
        // What follows closes all windows that are compared.
        load.awaitMore(3_000);
        long sent = load.finish();
        int last = load.window() - 4;
        truth.catchUp();
        assertThat(truth.read()).as("records in the topic").isEqualTo(sent);
        assertThat(results.differences(truth.rows(), Truth.window(last))).isEmpty();
        assertThat(results.deadUntil(truth.bad())).as("dead letters").isEqualTo(truth.bad());
        assertThat(results.lateUntil(truth.late())).as("late records").isEqualTo(truth.late());

        Path replayed = replay(truth);
        Map<String, Alert> undisturbed =
                Results.alertsUntil(
                        lines(replayed.resolve("alerts.jsonl"), Alert.class), Truth.window(last));
        assertThat(
                        differing(
                                undisturbed,
                                Results.alertsUntil(results.alerts(), Truth.window(last)),
                                Alert::equals))
                .as("alerts that differ from the undisturbed computation")
                .isEmpty();
        assertThat(
                        differing(
                                Results.scoresUntil(
                                        lines(replayed.resolve("scores.jsonl"), Score.class),
                                        Truth.window(last)),
                                Results.scoresUntil(results.scores(), Truth.window(last)),
                                Results::same))
                .as("scores that differ from the undisturbed computation")
                .isEmpty();
        checkDeliveries(undisturbed, results);
        say(
                ("all rounds: %,d records (%,d late, %,d dead letters), %,d scores and %,d more that"
                                + " repeat one of them, %,d changes of alerts and %,d more, %,d"
                                + " requests to the endpoints, %,d of them not the first of their id")
                        .formatted(
                                sent,
                                truth.late().size(),
                                truth.bad().size(),
                                results.distinctScores(),
                                results.scores().size() - results.distinctScores(),
                                results.distinctAlerts(),
                                results.alerts().size() - results.distinctAlerts(),
                                receiver.requests().size(),
                                receiver.requests().size() - Told.ids(receiver)));
    }

    /**
     * Each episode of the undisturbed computation is told to each endpoint, and nothing else is.
     */
    private void checkDeliveries(Map<String, Alert> undisturbed, Results results) {
        Set<String> wanted = new TreeSet<>();
        for (Alert alert : undisturbed.values()) {
            if (alert.getState() == AlertState.firing || alert.getState() == AlertState.resolved) {
                wanted.add(
                        Told.change(
                                alert.getFingerprint(), alert.getEpisode(), alert.getState() + ""));
            }
        }
        for (String path : ENDPOINTS) {
            assertThat(Told.taken(receiver, path)).as("what %s was told", path).isEqualTo(wanted);
        }
        assertThat(results.deliveries())
                .allMatch(delivery -> delivery.getOutcome() == DeliveryOutcome.delivered);
    }

    private Path replay(TopicTruth truth) throws IOException {
        Path folder = Files.createDirectories(cluster.folder().resolve("replay"));
        Path records = folder.resolve("records.jsonl");
        truth.write(records);
        assertThat(
                        Main.run(
                                "replay",
                                "-c",
                                configuration.toString(),
                                "--input",
                                "inference=" + records,
                                "--output",
                                folder.toString()))
                .isZero();
        return folder;
    }

    private static <T extends SpecificRecord> List<T> lines(Path file, Class<T> type)
            throws IOException {
        RecordCodec<T> codec = RecordCodec.of(type);
        return Files.readAllLines(file).stream()
                .map(line -> codec.read(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static <T> Map<String, String> differing(
            Map<String, T> wanted, Map<String, T> found, BiPredicate<T, T> same) {
        Map<String, String> differences = new TreeMap<>();
        wanted.forEach(
                (key, value) -> {
                    T other = found.get(key);
                    if (other == null || !same.test(value, other)) {
                        differences.put(key, "should be " + value + " and is " + other);
                    }
                });
        found.forEach(
                (key, value) -> {
                    if (!wanted.containsKey(key)) {
                        differences.put(key, "should not be: " + value);
                    }
                });
        return differences;
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
