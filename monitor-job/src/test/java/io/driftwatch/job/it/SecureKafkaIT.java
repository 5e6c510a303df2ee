package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.it.MoodyReceiver.Mood;
import io.driftwatch.job.kafka.KafkaRight;
import io.driftwatch.job.kafka.KafkaUser;
import io.driftwatch.job.kafka.RecordingAuthorizer;
import io.driftwatch.job.kafka.RecordingAuthorizer.Request;
import io.driftwatch.job.kafka.SecureBroker;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.RetrainStatusChange;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against a broker with certificates, passwords and access control lists: every user of ours gets
 * along with the rights that are documented for it, and uses all of them.
 */
@TestInstance(Lifecycle.PER_CLASS)
class SecureKafkaIT {
    private static final String CONFIG =
            """
            kafka:
              bootstrap_servers: "${servers}"
              properties:
                security.protocol: SASL_SSL
                sasl.mechanism: SCRAM-SHA-512
                sasl.jaas.config: 'org.apache.kafka.common.security.scram.ScramLoginModule required
                  username="${user}" password="${dir:${secrets}:${user}}";'
                ssl.truststore.location: ${certificate}
                ssl.truststore.type: PEM
            models:
              - name: basket-value
                profile: basket-value.avro
                streams:
                  - {role: inference, topic: baskets, format: json, event_time: at, out_of_orderness: 1s}
                window: {size: 1m, min_count: 50}
                features:
                  amount: {type: numeric, path: /basket/amount}
                  country: {type: categorical}
                statistics: [psi]
            rules: [{alert: Drift, statistic: psi, above: 0.2, features: amount, retrain: true}]
            delivery: {allow: [127.0.0.1]}
            canary: {url: "http://127.0.0.1:${canary}/"}
            route: {receiver: team, group_by: ['...'], group_wait: 50ms, group_interval: 1s}
            receivers:
              - {name: team, webhook: [{url: "${well}", format: json}, {url: "${refuses}", format: json}]}
            retrain:
              enabled: true
              dry_run: false
              approval: manual
              targets: [{name: nightly, prefect: {base_url: "${api}", deployment_id: d1}}]
            flink: {execution.checkpointing.interval: 500ms, restart-strategy.type: none}
            """;

    @TempDir private static Path folder;

    private final Map<KafkaUser, Path> files = new EnumMap<>(KafkaUser.class);
    private final AtomicInteger windows = new AtomicInteger();
    private SecureBroker broker;
    private MoodyReceiver hook;
    private int canaryPort;
    private KafkaProducer<byte[], byte[]> producer;
    private MonitorConfig config;

    @BeforeAll
    void install() throws Exception {
        broker = SecureBroker.start(folder);
        SecureBroker.certificate(folder, "stranger", "ip:127.0.0.1");
        hook = new MoodyReceiver();
        hook.set("refuses", Mood.REFUSES);
        hook.set("api/deployments/d1/create_flow_run", Mood.CREATES);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            canaryPort = free.getLocalPort();
        }
        for (KafkaUser user : KafkaUser.values()) {
            broker.user(user.key(), "password-of-" + user.key());
            files.put(user, Files.writeString(folder.resolve(user.key() + ".yaml"), text(user)));
        }
        config = ConfigLoader.load(files.get(KafkaUser.MONITOR));
        for (KafkaUser user : KafkaUser.values()) {
            broker.grant(user.key(), user.rights(config));
        }
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.door()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        broker.admin()
                .createTopics(List.of(new NewTopic("baskets", 1, (short) 1)))
                .all()
                .get(30, TimeUnit.SECONDS);
        Truth reference = new Truth(1);
        for (int i = 0; i < 2_000; i++) {
            send(reference.record(0, 0));
        }
        fine(CommandLineRun.of("topics", "create", "-c", files.get(KafkaUser.INSTALLER)));
        Path analyst = files.get(KafkaUser.ANALYST);
        fine(CommandLineRun.of("profile", "-c", analyst, "--from-topic", "inference"));
    }

    @AfterAll
    void remove() throws Exception {
        producer.close();
        hook.close();
        broker.close();
    }

    private String text(KafkaUser user) {
        return CONFIG.replace("${servers}", broker.bootstrapServers())
                .replace("${secrets}", broker.secrets().toString())
                .replace("${certificate}", broker.certificate().toString())
                .replace("${user}", user.key())
                .replace("${well}", hook.url("well"))
                .replace("${refuses}", hook.url("refuses"))
                .replace("${api}", hook.url("api"))
                .replace("${canary}", Integer.toString(canaryPort));
    }

    /** Number of the first of ten windows that nobody has used. */
    private int newWindows() {
        return windows.addAndGet(10);
    }

    private void send(String record) throws Exception {
        producer.send(new ProducerRecord<>("baskets", record.getBytes(StandardCharsets.UTF_8)))
                .get(30, TimeUnit.SECONDS);
    }

    private static void fine(CommandLineRun run) {
        assertThat(run.code()).as(run.out() + run.err()).isZero();
    }

    @Test
    @Timeout(240)
    void everyUserGetsAlongWithItsRightsAndUsesAllOfThem() throws Exception {
        Path operator = files.get(KafkaUser.OPERATOR);
        try (CommandLineJob monitor =
                        CommandLineJob.start("monitor", files.get(KafkaUser.MONITOR))
                                .awaitCheckpoint();
                CommandLineJob notifier =
                        CommandLineJob.start("notify", files.get(KafkaUser.NOTIFY))
                                .awaitCheckpoint()) {
            Truth truth = new Truth(2);
            int first = newWindows();
            for (int window = first; window < first + 4; window++) {
                for (long time : truth.timesIn(window, 200)) {
                    send(truth.record(time, 3));
                }
            }
            send("not a record");
            send(truth.uncounted(0));

            String id;
            try (TopicReader<RetrainStatusChange> statuses =
                    reader(config.topics().retrainStatus(), RetrainStatusChange.class)) {
                id = statuses.until(all -> is(all, "awaiting_approval")).get(0).getRequestId();
                fine(CommandLineRun.of("retrain", "approve", "-c", operator, id));
                statuses.until(
                        all -> all.stream().anyMatch(change -> change.getExternalId() != null));
                fine(CommandLineRun.of("retrain", "report", "-c", operator, id, "succeeded"));
                statuses.until(all -> is(all, "succeeded"));
            }
            String higher = Files.readString(operator).replace("above: 0.2", "above: 0.3");
            Path changed = Files.writeString(folder.resolve("changed.yaml"), higher);
            fine(CommandLineRun.of("apply", "-c", changed, "--wait", "0"));
            fine(CommandLineRun.of("silence", "add", "-c", operator, "--comment", "a", "a=b"));
            CommandLineRun list = CommandLineRun.of("silence", "list", "-c", operator, "--quiet");
            fine(list);
            fine(CommandLineRun.of("silence", "expire", "-c", operator, list.out().strip()));
            holds(config.topics().deliveries(), Delivery.class, 2);
            holds(config.topics().late(), DeadLetter.class, 1);
            try (TopicReader<DeadLetter> dead =
                    reader(config.topics().deadLetters(), DeadLetter.class)) {
                dead.until(all -> all.stream().map(DeadLetter::getTopic).distinct().count() == 2);
            }
            Path canary = files.get(KafkaUser.CANARY);
            assertThat(CommandLineRun.of("canary", "-c", canary, "--within", "1ms").out())
                    .contains("NOT DETECTED: no message came within 1ms");
            fine(CommandLineRun.of("canary", "-c", canary, "--within", "90s"));
            Path analyst = files.get(KafkaUser.ANALYST);
            Path out = folder.resolve("out");
            fine(CommandLineRun.of("replay", "-c", analyst, "--from-topic", "-o", out));
        }

        Set<Request> requests = RecordingAuthorizer.requests();
        for (KafkaUser user : KafkaUser.values()) {
            for (KafkaRight right : user.rights(config)) {
                assertThat(requests)
                        .as("what is granted is used: %s, %s", user.key(), right)
                        .anyMatch(request -> uses(request, user, right));
            }
        }
    }

    private static boolean uses(Request request, KafkaUser user, KafkaRight right) {
        return request.isAllowed()
                && request.user().equals(user.key())
                && request.operation() == right.operation()
                && right.covers(request.type(), request.name());
    }

    private <T extends org.apache.avro.specific.SpecificRecord> TopicReader<T> reader(
            String topic, Class<T> type) {
        return new TopicReader<>(broker.door(), topic, type);
    }

    private <T extends org.apache.avro.specific.SpecificRecord> void holds(
            String topic, Class<T> type, int count) throws Exception {
        try (TopicReader<T> reader = reader(topic, type)) {
            reader.until(all -> all.size() >= count);
        }
    }

    private static boolean is(List<RetrainStatusChange> changes, String status) {
        return changes.stream().anyMatch(change -> change.getStatus().equals(status));
    }

    static Stream<Arguments> rightsOfJobs() {
        // What they are called depends on topics' names alone, which are the standard ones.
        MonitorConfig config = ConfigLoader.load(folder.resolve("monitor.yaml"));
        return Stream.of(KafkaUser.MONITOR, KafkaUser.NOTIFY)
                .flatMap(
                        user ->
                                user.rights(config).stream()
                                        .map(right -> Arguments.of(user, right)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("rightsOfJobs")
    void aRightThatAJobLacksIsNamedBeforeItStarts(KafkaUser user, KafkaRight right)
            throws Exception {
        without(
                user,
                right,
                () -> {
                    CommandLineRun run =
                            CommandLineRun.of(user.key(), "-c", files.get(user), "--embedded");
                    assertThat(run.code()).isEqualTo(1);
                    assertThat(run.err())
                            .contains("does not allow this user: " + right + ";")
                            .contains("driftwatch topics acls")
                            .hasLineCount(1);
                });
    }

    @Test
    void aJobThatLosesARightSaysWhich() throws Exception {
        KafkaRight right = KafkaRight.topic(config.topics().scores(), AclOperation.WRITE);
        CommandLineJob job = CommandLineJob.start("monitor", files.get(KafkaUser.MONITOR));
        job.awaitCheckpoint();
        without(
                KafkaUser.MONITOR,
                right,
                () -> {
                    Truth truth = new Truth(3);
                    int first = newWindows();
                    for (int window = first; window < first + 3; window++) {
                        send(truth.record(window * Truth.WINDOW_MILLIS, 0));
                    }
                    job.awaitEnd();
                });
        assertThat(job.awaitEnd().code()).isEqualTo(1);
        assertThat(job.awaitEnd().err())
                .contains("does not allow this user: Read or Write on topic driftwatch.scores;");
    }

    @ParameterizedTest
    @CsvSource({
        "INSTALLER, topics create, Create",
        "CANARY, canary, Write",
        "CANARY, canary, Read",
        "OPERATOR, silence list, Read",
        "OPERATOR, silence add --comment c a=b, Write",
        "OPERATOR, retrain list, Read",
        "ANALYST, profile --from-topic inference, Read",
        "ANALYST, replay --from-topic --output out, Read"
    })
    void aCommandWithoutARightNamesTheTopic(KafkaUser user, String command, String operation)
            throws Exception {
        AclOperation needed = AclOperation.fromString(operation);
        String topic = topic(user, command, needed);
        if (needed == AclOperation.CREATE) {
            delete(topic);
        }
        fine(
                CommandLineRun.of(
                        "silence",
                        "add",
                        "-c",
                        files.get(KafkaUser.OPERATOR),
                        "--comment=c",
                        "a=b"));
        List<Object> line = new ArrayList<>(List.of(command.split(" ")));
        line.addAll(List.of("-c", files.get(user)));
        Object[] arguments = line.toArray();
        without(
                user,
                KafkaRight.topic(topic, needed),
                () -> {
                    CommandLineRun run = CommandLineRun.of(arguments);
                    assertThat(run.code()).as(run.out() + run.err()).isEqualTo(1);
                    assertThat(run.err())
                            .containsPattern(operation + "( or Write)? on topic " + topic)
                            .hasLineCount(1);
                });
        fine(CommandLineRun.of("topics", "create", "-c", files.get(KafkaUser.INSTALLER)));
    }

    private String topic(KafkaUser user, String command, AclOperation needed) {
        return switch (user) {
            case ANALYST -> "baskets";
            case INSTALLER -> config.topics().late();
            case CANARY ->
                    needed == AclOperation.WRITE
                            ? config.topics().canary()
                            : config.topics().alerts();
            default ->
                    command.startsWith("retrain")
                            ? config.topics().retrainStatus()
                            : config.topics().control();
        };
    }

    @Test
    void checkSaysAsWhomTheUserMayAct() {
        CommandLineRun run = CommandLineRun.of("check", "--online", files.get(KafkaUser.ANALYST));

        fine(run);
        assertThat(run.out())
                .contains("- analyst: may do all it does")
                .containsPattern("- operator: lacks .*Write on topic driftwatch.control")
                .containsPattern("- monitor: lacks .*Read on groups driftwatch-monitor");
    }

    /** What stands in place of a right line, what must be said of it. */
    enum Mistake {
        WRONG_PASSWORD("refuses the login", "sasl.jaas.config"),
        UNKNOWN_USER("refuses the login", "sasl.jaas.config"),
        WRONG_MECHANISM("refuses the login", "sasl.mechanism"),
        UNTRUSTED_CERTIFICATE("no encrypted connection", "ssl.truststore.location"),
        MISSING_TRUSTSTORE("nowhere.pem", "kafka.properties"),
        MISSING_SECRET("refuses the login", "sasl.jaas.config"),
        PLAIN_TEXT("does not answer", "security.protocol");

        private final String what;
        private final String where;

        Mistake(String what, String where) {
            this.what = what;
            this.where = where;
        }

        String in(String config, Path stranger) {
            return switch (this) {
                case WRONG_PASSWORD -> config.replaceAll("\\$\\{dir:[^}]*}", "not-the-password-7");
                case UNKNOWN_USER -> config.replace("\"analyst\"", "\"nobody\"");
                case WRONG_MECHANISM ->
                        config.replace("SCRAM-SHA-512", "PLAIN")
                                .replace("scram.ScramLoginModule", "plain.PlainLoginModule");
                case UNTRUSTED_CERTIFICATE ->
                        config.replace("broker.pem", stranger.getFileName().toString());
                case MISSING_TRUSTSTORE -> config.replace("broker.pem", "nowhere.pem");
                case MISSING_SECRET -> config.replace(":analyst}", ":nobodys}");
                case PLAIN_TEXT -> config.replace("SASL_SSL", "SASL_PLAINTEXT");
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Mistake.class)
    void aMistakeInTheLoginIsSaidInALineWithItsPlaceAndNoSecret(Mistake mistake) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve(mistake.name() + ".yaml"),
                        mistake.in(text(KafkaUser.ANALYST), folder.resolve("stranger.pem")));

        for (List<String> command :
                List.of(
                        List.of("topics", "plan"),
                        List.of("silence", "list"),
                        List.of("profile", "--from-topic", "inference"),
                        List.of("monitor", "--embedded"))) {
            List<Object> line = new ArrayList<>(command);
            line.addAll(List.of("-c", file));
            CommandLineRun run = CommandLineRun.of(line.toArray());
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err().replaceFirst("^profile .*rows/s\n", ""))
                    .contains(mistake.what, mistake.where)
                    .doesNotContain("password-7", "password-of")
                    .hasLineCount(1);
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private void without(KafkaUser user, KafkaRight right, Step step) throws Exception {
        broker.revoke(user.key(), right);
        try {
            step.run();
        } finally {
            broker.grant(user.key(), List.of(right));
        }
    }

    private void delete(String topic) throws Exception {
        broker.admin().deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
    }
}
