package io.driftwatch.job.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.job.cli.CommandLineRun;
import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.it.MoodyReceiver.Mood;
import io.driftwatch.job.kafka.KafkaUser;
import io.driftwatch.job.kafka.SecureBroker;
import io.driftwatch.schemas.Delivery;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets wherever a configuration can hold one, all of them used, and then looked for wherever
 * something is written or shown.
 */
class SecretsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String CONFIG =
            """
            kafka:
              bootstrap_servers: "${servers}"
              properties:
                security.protocol: SASL_SSL
                sasl.mechanism: SCRAM-SHA-512
                sasl.jaas.config: 'org.apache.kafka.common.security.scram.ScramLoginModule required
                  username="driftwatch" password="${kafka}";'
                ssl.truststore.location: ${folder}/broker.pem
                ssl.truststore.type: PEM
                ssl.keystore.location: ${folder}/client.p12
                ssl.keystore.type: PKCS12
                ssl.keystore.password: ${store}
                ssl.key.password: ${store}
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
            route: {receiver: team, group_by: ['...'], group_wait: 50ms, group_interval: 1s}
            receivers:
              - name: team
                slack: [{url: "${hook}/${slack}"}, {url_file: "${folder}/${slack_file_name}"}]
                msteams: [{url: "${hook}/${msteams}"}]
                discord: [{url: "${hook}/${discord}"}]
                google_chat: [{url: "${hook}/${google_chat}"}]
                mattermost: [{url: "${hook}/${mattermost}"}]
                pagerduty: [{url: "${hook}/pd", routing_key: "${routing_key}"}]
                alertmanager: [{url: "${hook}/${alertmanager}", headers: {Authorization: "Bearer ${bearer}"}}]
                email: [{to: [a@example.org], from: b@example.org, smarthost: "127.0.0.1:1",
                         auth_username: driftwatch, auth_password: "${smtp}"}]
                webhook:
                  - {url: "${hook}/${webhook}", headers: {X-Key: "${header}"}, signing_secret: "whsec_${signing}"}
                  - {url: "http://127.0.0.1:1/${unreachable}"}
                  - {url: "${hook}/${fails}"}
            retrain:
              enabled: true
              dry_run: false
              targets:
                - {name: nightly, prefect: {base_url: "${hook}/api", deployment_id: d1, token: "${prefect}"}}
                - {name: broken, jenkins: {base_url: "http://127.0.0.1:1/jenkins", job: a/b, username: u, api_token: "${jenkins}"},
                   headers: {X-Extra: "${extra}"}}
            flink:
              execution.checkpointing.interval: 500ms
              execution.checkpointing.dir: ${folder_uri}/checkpoints
              execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
              s3.secret-key: ${s3}
              io.tmp.dirs: ${folder}/tmp
            """;

    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final Log log = new Log();
    private final Map<String, String> seen = new LinkedHashMap<>();

    @TempDir private Path folder;

    /** Everything that is logged, our own at the finest. */
    private static final class Log extends AbstractAppender {
        private final StringBuilder text = new StringBuilder();

        Log() {
            super("everything", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public synchronized void append(LogEvent event) {
            text.append(event.getLoggerName())
                    .append(' ')
                    .append(event.getMessage().getFormattedMessage())
                    .append('\n');
            if (event.getThrown() != null) {
                StringWriter trace = new StringWriter();
                event.getThrown().printStackTrace(new PrintWriter(trace));
                text.append(trace);
            }
        }

        void attach() {
            LoggerContext context = (LoggerContext) LogManager.getContext(false);
            Configuration configuration = context.getConfiguration();
            start();
            List.copyOf(configuration.getRootLogger().getAppenders().keySet())
                    .forEach(configuration.getRootLogger()::removeAppender);
            configuration.addAppender(this);
            configuration.getLoggers().values().forEach(each -> each.setLevel(Level.INFO));
            configuration.getRootLogger().setLevel(Level.INFO);
            configuration.getRootLogger().addAppender(this, Level.INFO, null);
            context.updateLoggers();
        }

        void detach() {
            LoggerContext context = (LoggerContext) LogManager.getContext(false);
            context.getConfiguration().getRootLogger().removeAppender(getName());
            context.reconfigure();
        }
    }

    private String secret(String name) {
        return secrets.computeIfAbsent(
                name,
                n -> {
                    String text = "planted" + secrets.size() + "x" + n.replace("_", "") + "x7f3a9c";
                    // Of the size that a signing secret must have.
                    return n.equals("signing")
                            ? Base64.getEncoder()
                                    .encodeToString((text + text).getBytes(StandardCharsets.UTF_8))
                            : text;
                });
    }

    private String filled(SecureBroker broker, MoodyReceiver hook, String template)
            throws IOException {
        String text =
                template.replace("${servers}", broker.bootstrapServers())
                        .replace("${folder}", folder.toString())
                        .replace("${folder_uri}", "file://" + folder)
                        .replace("${hook}/", hook.url(""))
                        .replace("${slack_file_name}", "slack");
        Files.writeString(folder.resolve("slack"), hook.url(secret("slack_file")) + "\n");
        for (int at = text.indexOf("${"); at >= 0; at = text.indexOf("${", at)) {
            String name = text.substring(at + 2, text.indexOf('}', at));
            text = text.replace("${" + name + "}", secret(name));
        }
        return text;
    }

    @Test
    @Timeout(300)
    void noSecretIsLoggedShownStoredOrWritten() throws Exception {
        log.attach();
        try (SecureBroker broker = SecureBroker.start(folder);
                MoodyReceiver hook = new MoodyReceiver()) {
            SecureBroker.certificate(folder, "client", "ip:127.0.0.1", secret("store"));
            broker.user("driftwatch", secret("kafka"));
            Path file =
                    Files.writeString(
                            folder.resolve("driftwatch.yaml"), filled(broker, hook, CONFIG));
            hook.set("api/deployments/d1/create_flow_run", Mood.CREATES);
            hook.set(secret("fails"), Mood.REFUSES);
            hook.set(secret("discord"), Mood.FAILS);
            MonitorConfig config = ConfigLoader.load(file);
            for (KafkaUser user : KafkaUser.values()) {
                broker.grant("driftwatch", user.rights(config));
            }
            run(broker, hook, config, file);
            commands(broker, hook, file);
            topics(broker);
        } finally {
            log.detach();
        }
        seen.put("log", log.text.toString());
        files();

        assertThat(seen.keySet()).contains("log", "topic driftwatch.alerts");
        assertThat(seen.keySet()).anyMatch(place -> place.endsWith("_metadata"));
        assertThat(seen.get("log")).contains("basket-value", "io.driftwatch");
        assertThat(seen.get("topic driftwatch.deliveries")).contains("webhook[2]");
        List<String> leaks = new ArrayList<>();
        seen.forEach(
                (place, text) ->
                        secrets.forEach(
                                (name, secret) ->
                                        forms(secret)
                                                .filter(text::contains)
                                                .forEach(
                                                        form ->
                                                                leaks.add(
                                                                        name
                                                                                + " in "
                                                                                + place
                                                                                + ": "
                                                                                + around(
                                                                                        text,
                                                                                        form)))));
        assertThat(leaks).isEmpty();
    }

    private void run(SecureBroker broker, MoodyReceiver hook, MonitorConfig config, Path file)
            throws Exception {
        broker.admin()
                .createTopics(List.of(new NewTopic("baskets", 1, (short) 1)))
                .all()
                .get(30, TimeUnit.SECONDS);
        command("topics", "create", "-c", file);
        Path reference = Files.writeString(folder.resolve("reference.csv"), Truth.reference(2_000));
        command("profile", "-c", file, "--input", "inference=" + reference);
        try (CommandLineJob monitor = CommandLineJob.start("monitor", file);
                CommandLineJob notifier = CommandLineJob.start("notify", file)) {
            monitor.awaitCheckpoint();
            notifier.awaitCheckpoint();
            drift(broker);
            await(broker, hook, config);
            for (CommandLineJob job : List.of(monitor, notifier)) {
                seen.put("savepoint of " + job, job.savepoint(folder.resolve("savepoints")));
                pages(job);
            }
            notifier.close();
            monitor.close();
            seen.put("end of monitor", monitor.awaitEnd().toString());
            seen.put("end of notify", notifier.awaitEnd().toString());
        }
    }

    private static void drift(SecureBroker broker) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.door()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            Truth truth = new Truth(2);
            for (int window = 0; window < 3; window++) {
                for (long time : truth.timesIn(window, 200)) {
                    byte[] record = truth.record(time, 3).getBytes(StandardCharsets.UTF_8);
                    var unused = producer.send(new ProducerRecord<>("baskets", record));
                }
            }
        }
    }

    /** Until every receiver and every target was asked. */
    private void await(SecureBroker broker, MoodyReceiver hook, MonitorConfig config)
            throws Exception {
        try (TopicReader<Delivery> deliveries =
                new TopicReader<>(broker.door(), config.topics().deliveries(), Delivery.class)) {
            deliveries.until(all -> all.stream().map(Delivery::getEndpoint).distinct().count() > 7);
        }
        hook.await(() -> hook.requests().stream().anyMatch(r -> r.path().startsWith("api/")));
        for (String path :
                List.of("slack", "slack_file", "msteams", "discord", "webhook", "fails")) {
            assertThat(hook.requests())
                    .as("%s is used", path)
                    .anyMatch(request -> request.path().equals(secret(path)));
        }
    }

    /** All pages that can be reached from a job's own, and those of the cluster. */
    private void pages(CommandLineJob job) throws Exception {
        List<String> paths = new ArrayList<>();
        for (String path :
                List.of(
                        "/config",
                        "/overview",
                        "/jobs",
                        "/jobs/overview",
                        "/jobs/metrics",
                        "/jobmanager/config",
                        "/jobmanager/environment",
                        "/jobmanager/metrics",
                        "/jobmanager/logs",
                        "/jobmanager/log",
                        "/jobmanager/stdout",
                        "/jobmanager/thread-dump",
                        "/taskmanagers",
                        "/datasets",
                        "/jars")) {
            paths.add(path);
        }
        for (String path :
                List.of(
                        "",
                        "/config",
                        "/plan",
                        "/exceptions",
                        "/accumulators?includeSerializedValue=true",
                        "/checkpoints",
                        "/checkpoints/config",
                        "/metrics",
                        "/jobmanager/config",
                        "/jobmanager/environment",
                        "/jobmanager/log-url",
                        "/execution-result",
                        "/rescales/config")) {
            paths.add(job.job(path));
        }
        for (JsonNode vertex : JSON.readTree(job.get(job.job(""))).path("vertices")) {
            String own = job.job("/vertices/" + vertex.path("id").asText());
            for (String path :
                    List.of(
                            "",
                            "/accumulators",
                            "/backpressure",
                            "/flamegraph",
                            "/jm-operator-metrics",
                            "/metrics",
                            "/subtasks/0",
                            "/subtasks/accumulators",
                            "/subtasktimes",
                            "/taskmanagers",
                            "/watermarks")) {
                paths.add(own + path);
            }
        }
        for (JsonNode each : JSON.readTree(job.get("/taskmanagers")).path("taskmanagers")) {
            String own = "/taskmanagers/" + each.path("id").asText();
            paths.addAll(List.of(own, own + "/metrics", own + "/logs", own + "/thread-dump"));
        }
        for (String path : paths) {
            seen.put("page " + job + path, job.get(path));
        }
        assertThat(seen.get("page " + job + job.job(""))).contains("vertices");
    }

    private void command(Object... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        seen.put("driftwatch " + List.of(arguments), run.toString());
    }

    private void commands(SecureBroker broker, MoodyReceiver hook, Path file) throws Exception {
        command("check", "--online", file, "--verbose");
        command("topics", "plan", "-c", file, "--verbose");
        command("topics", "acls", "-c", file);
        command("routes", "show", "-c", file);
        command("silence", "add", "-c", file, "--comment", "c", "a=b", "--verbose");
        command("silence", "list", "-c", file, "--verbose");
        command("retrain", "list", "-c", file, "--all", "--verbose");
        command("notify", "test", "-c", file, "--dry-run", "--verbose");
        command("notify", "test", "-c", file, "--verbose");
        command("replay", "-c", file, "--from-topic", "-o", folder.resolve("out"), "--verbose");
        // With one mistake each, which must be said without what stands there.
        Map<String, String> mistakes = new LinkedHashMap<>();
        mistakes.put("url: \"${hook}/${slack}\"", "url: \"htp://${slack}\"");
        mistakes.put("url: \"${hook}/${msteams}\"", "url: [\"${msteams}\"]");
        mistakes.put("routing_key: \"${routing_key}\"", "routing_keys: \"${routing_key}\"");
        mistakes.put("Bearer ${bearer}", "Bearer ${bearer} \\u00e9");
        mistakes.put("whsec_${signing}", "${signing}");
        mistakes.put("auth_password: \"${smtp}\"", "auth_password: {\"${smtp}\": 1}");
        mistakes.put("token: \"${prefect}\"", "token: \"${prefect}\", tokens: \"${prefect}\"");
        mistakes.put("api_token: \"${jenkins}\"", "api_token: [\"${jenkins}\"]");
        mistakes.put("ssl.keystore.password: ${store}", "ssl.keystore.password: [\"${store}\"]");
        mistakes.put("ssl.key.password: ${store}", "transactional.id: ${store}");
        mistakes.put("password=\"${kafka}\";", "password=\"wrong${kafka}\";");
        mistakes.put("password=\"${kafka}\"", "password=x ${kafka} ");
        int number = 0;
        for (Map.Entry<String, String> mistake : mistakes.entrySet()) {
            assertThat(CONFIG).contains(mistake.getKey());
            Path wrong = folder.resolve("wrong" + number++ + ".yaml");
            String text = CONFIG.replace(mistake.getKey(), mistake.getValue());
            Files.writeString(wrong, filled(broker, hook, text));
            command("check", wrong, "--online", "--verbose");
            command("topics", "plan", "-c", wrong, "--verbose");
            CommandLineRun run = CommandLineRun.of("topics", "plan", "-c", wrong);
            assertThat(run.code()).as("%s %s", mistake, run).isEqualTo(1);
        }
    }

    /** Keys, values and headers of all that stands on any topic. */
    private void topics(SecureBroker broker) throws Exception {
        Set<String> names = new HashSet<>(broker.admin().listTopics().names().get());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", broker.door()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            for (String name : names) {
                List<TopicPartition> partitions =
                        consumer.partitionsFor(name).stream()
                                .map(each -> new TopicPartition(name, each.partition()))
                                .toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                var ends = consumer.endOffsets(partitions);
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                    consumer.poll(Duration.ofMillis(200))
                            .forEach(
                                    record -> {
                                        all.writeBytes(nonNull(record.key()));
                                        all.writeBytes(nonNull(record.value()));
                                        record.headers()
                                                .forEach(h -> all.writeBytes(nonNull(h.value())));
                                    });
                }
                seen.put("topic " + name, all.toString(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static byte[] nonNull(byte[] bytes) {
        return bytes == null ? new byte[0] : bytes;
    }

    /** Everything that the jobs have stored. */
    private void files() throws IOException {
        for (String name : List.of("checkpoints", "savepoints", "tmp", "out")) {
            try (Stream<Path> all = Files.walk(Files.createDirectories(folder.resolve(name)))) {
                for (Path each : all.filter(Files::isRegularFile).toList()) {
                    seen.put(
                            "file " + each,
                            new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    /** How a secret could stand somewhere: as it is, or in base64, wherever in a longer text. */
    private static Stream<String> forms(String secret) {
        Stream.Builder<String> forms = Stream.builder();
        forms.add(secret);
        for (int shift = 0; shift < 3; shift++) {
            byte[] bytes = ("x".repeat(shift) + secret).getBytes(StandardCharsets.UTF_8);
            String coded = Base64.getEncoder().withoutPadding().encodeToString(bytes);
            forms.add(coded.substring(shift == 0 ? 0 : shift + 1, coded.length() - 2));
        }
        return forms.build();
    }

    private static String around(String text, String found) {
        int at = text.indexOf(found);
        return text.substring(Math.max(0, at - 150), Math.min(text.length(), at + 80));
    }
}
