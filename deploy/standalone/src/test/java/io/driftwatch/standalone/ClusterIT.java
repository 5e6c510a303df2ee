package io.driftwatch.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.job.Main;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.it.TopicReader;
import io.driftwatch.job.it.Truth;
import io.driftwatch.schemas.Score;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script, where the fault suite does not use it. */
class ClusterIT {
    private static final int WINDOWS = 10;
    private static final int ROWS = 200;

    private static final String CONFIG =
            """
            kafka: {bootstrap_servers: "${servers}"}
            models:
              - name: basket-value
                profile: basket-value.avro
                streams: [{role: inference, topic: baskets, format: json, event_time: at}]
                window: {size: 1m, min_count: 20}
                features: {amount: {type: numeric, path: /basket/amount}}
                statistics: [missing_rate]
            rules: [{alert: Missing, statistic: missing_rate, above: 0.5}]
            """;

    @TempDir Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "rocket | 2 | there is no command rocket",
                "start --rockets 3 | 2 | there is no option --rockets",
                "start --task-managers no | 2 | --task-managers takes a number above 0",
                "start --job-managers 2 | 2 | --job-managers needs --ha",
                "start --only kafka | 2 | --only takes broker or flink",
                "start --only flink --application monitor | 2 | --application needs --config",
                "start -D slots | 2 | -D takes KEY=VALUE",
                "kill | 2 | kill needs the name of a role",
                "savepoint | 2 | savepoint needs the name of a job",
                "submit --from-savepoint here | 2 | --from-savepoint is of one job",
                "status | 1 | there is no cluster in",
            })
    void mistakesAreSaidAndHaveTheirExitCodes(String line, int code, String message)
            throws Exception {
        Cluster none = Cluster.none(folder.resolve("none"));

        assertThatThrownBy(() -> none.run(line.split(" ")))
                .hasMessageContaining("exit code " + code)
                .hasMessageContaining(message);
    }

    @Test
    void aFolderThatHoldsOtherThingsIsLeftAlone() throws Exception {
        Path precious = Files.writeString(folder.resolve("precious.txt"), "mine");

        assertThatThrownBy(() -> Cluster.none(folder).run("start", "--clean"))
                .hasMessageContaining("is not empty and not a cluster's");
        assertThat(precious).hasContent("mine");
    }

    @Test
    void aClusterThatIsThereIsNotTakenForAnother() throws Exception {
        try (Cluster broker = Cluster.start(target("shape"), "--only", "broker")) {
            assertThatThrownBy(() -> broker.run("start", "--ha"))
                    .hasMessageContaining("exit code 1")
                    .hasMessageContaining("made without --ha; start it as it is, or make another");
            assertThatThrownBy(() -> broker.run("start", "--only", "flink"))
                    .hasMessageContaining("made with --only broker");
            assertThat(broker.run("start", "--only", "broker", "--slots", "4"))
                    .isEqualTo(broker.run("status"));
            assertThatThrownBy(() -> broker.run("send", "baskets"))
                    .hasMessageContaining("exit code 1")
                    .hasMessageContaining("there is no topic 'baskets'");
        }
    }

    /** Its TaskManagers would wait for it in vain, and be blamed. */
    @Test
    void anApplicationThatCannotStartSaysWhy() throws Exception {
        Path mistaken = folder.resolve("mistaken.yaml");
        Files.writeString(mistaken, CONFIG.replace("missing_rate", "missing_rat"));

        assertThatThrownBy(
                        () ->
                                Cluster.start(
                                        target("mistaken"),
                                        "--only",
                                        "flink",
                                        "--task-managers",
                                        "1",
                                        "--application",
                                        "monitor",
                                        "--config",
                                        mistaken.toString()))
                .hasMessageContaining("jobmanager-1 has ended")
                .hasMessageContaining("did you mean 'missing_rate'?");
        Cluster.none(target("mistaken")).run("stop");
    }

    /** Only in the long form: it starts two clusters. */
    @Test
    @EnabledIfSystemProperty(named = "driftwatch.faults.rounds", matches = "[1-9].*")
    void anApplicationGoesOnFromItsLastCheckpointWhenNobodyRemembersIt() throws Exception {
        Truth truth = new Truth(11);
        try (Cluster broker = Cluster.start(target("broker"), "--only", "broker");
                KafkaProducer<byte[], byte[]> producer = producer(broker.bootstrapServers())) {
            Path configuration = install(broker);
            try (Cluster cluster =
                    Cluster.start(
                            target("application"),
                            "--only",
                            "flink",
                            "--task-managers",
                            "1",
                            "--application",
                            "monitor",
                            "--config",
                            configuration.toString(),
                            "-D",
                            "execution.checkpointing.interval=1s")) {
                send(producer, truth, 0, WINDOWS / 2);
                cluster.awaitHealthy("monitor");
                cluster.run("kill", "jobmanager-1");
                String checkpoint = cluster.run("checkpoint", "monitor");
                send(producer, truth, WINDOWS / 2, WINDOWS);
                cluster.run("start-one", "jobmanager-1", "--from-savepoint", checkpoint);
                cluster.awaitHealthy("monitor");

                Map<Instant, Long> wanted = new TreeMap<>(truth.rows());
                wanted.remove(Truth.window(WINDOWS - 1));
                assertThat(scored(broker, configuration)).isEqualTo(wanted);
            }
        }
    }

    private static Path target(String name) {
        return Path.of("target", name).toAbsolutePath();
    }

    private static KafkaProducer<byte[], byte[]> producer(String servers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", servers),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private Path install(Cluster broker) throws Exception {
        Path configuration = folder.resolve("driftwatch.yaml");
        Files.writeString(configuration, CONFIG.replace("${servers}", broker.bootstrapServers()));
        Path reference = Files.writeString(folder.resolve("rows.csv"), Truth.reference(2_000));
        String input = "inference=" + reference;
        assertThat(Main.run("profile", "-c", configuration + "", "--input", input)).isZero();
        assertThat(Main.run("topics", "create", "--inputs", "-c", configuration + "")).isZero();
        return configuration;
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, Truth truth, int from, int to) {
        for (int window = from; window < to; window++) {
            for (long time : truth.timesIn(window, ROWS)) {
                byte[] value = truth.record(time, 0).getBytes(StandardCharsets.UTF_8);
                var unused = producer.send(new ProducerRecord<>("baskets", 0, null, value));
            }
        }
        producer.flush();
    }

    /** Rows by window, once the last but one is there. */
    private static Map<Instant, Long> scored(Cluster broker, Path configuration) throws Exception {
        MonitorConfig config = ConfigLoader.load(configuration);
        Map<Instant, Long> rows = new TreeMap<>();
        try (TopicReader<Score> scores =
                new TopicReader<>(
                        broker.bootstrapServers(), config.topics().scores(), Score.class)) {
            Instant last = Truth.window(WINDOWS - 2);
            scores.until(all -> all.stream().anyMatch(s -> s.getWindowStart().equals(last)));
            scores.all().forEach(s -> rows.put(s.getWindowStart(), s.getCount()));
        }
        return rows;
    }
}
