package io.driftwatch.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.job.config.ConfigLoader;
import io.driftwatch.job.config.MonitorConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaUserTest {
    private static final String BASE =
            """
            kafka: {bootstrap_servers: "b:1"}
            models:
              - name: m
                profile: m.avro
                streams: [{role: inference, topic: baskets, event_time: at}]
                window: {size: 1h}
            """;
    private static final String RECEIVER =
            "receivers: [{name: a, webhook: [{url: 'https://a.example/b'}]}]\nroute: {receiver: a}\n";
    private static final String CANARY = "canary: {url: 'https://canary.example/'}\n";
    private static final String TARGET =
            "retrain: {enabled: true, targets: [{name: t, prefect: {base_url:"
                    + " 'https://a.example/api', deployment_id: d}}]}\n";

    @TempDir private Path folder;

    private MonitorConfig config(String yaml) throws IOException {
        return ConfigLoader.load(Files.writeString(folder.resolve("driftwatch.yaml"), yaml));
    }

    /** The rows of the table in docs/security.md, as commands of Kafka would have them. */
    private static Map<KafkaUser, List<String>> documented(MonitorConfig config)
            throws IOException {
        Map<KafkaUser, List<String>> rights = new EnumMap<>(KafkaUser.class);
        KafkaUser user = null;
        String all = Files.readString(Path.of("../docs/security.md"));
        String table = all.substring(all.indexOf("<!-- rights -->"));
        for (String line : table.lines().skip(3).takeWhile(l -> l.startsWith("|")).toList()) {
            String[] cells = line.split("\\|");
            if (!cells[1].isBlank()) {
                user = KafkaUser.valueOf(cells[1].split("`")[1].toUpperCase(java.util.Locale.ROOT));
            }
            List<String> names = new ArrayList<>();
            String on = cells[3].strip();
            if (on.startsWith("groups")) {
                names.add("groups " + on.split("`")[1] + "*");
            } else if (on.startsWith("transactional id")) {
                names.add("transactional id " + on.split("`")[1]);
            } else if (on.contains("streams")) {
                names.add("topic baskets");
            } else if (on.contains("writes")) {
                config.writtenTopics().values().forEach(name -> names.add("topic " + name));
            } else {
                names.add("topic " + on.split("`")[1]);
            }
            List<String> ofUser = rights.computeIfAbsent(user, u -> new ArrayList<>());
            names.forEach(name -> ofUser.add(cells[2].strip() + " on " + name));
        }
        return rights;
    }

    @Test
    void theDocumentedTableIsWhatIsAskedFor() throws Exception {
        MonitorConfig config = config(BASE + RECEIVER + TARGET + CANARY);
        Map<KafkaUser, List<String>> documented = documented(config);

        for (KafkaUser user : KafkaUser.values()) {
            assertThat(documented.get(user))
                    .as(user.key())
                    .containsExactlyInAnyOrderElementsOf(
                            user.rights(config).stream().map(KafkaRight::toString).toList());
        }
    }

    @Test
    void whatIsNotSwitchedOnNeedsNoRights() throws Exception {
        assertThat(KafkaUser.NOTIFY.rights(config(BASE + RECEIVER)))
                .extracting(KafkaRight::toString)
                .containsExactlyInAnyOrder(
                        "Read on topic driftwatch.alerts",
                        "Read on topic driftwatch.control",
                        "Write on topic driftwatch.control",
                        "Read on groups driftwatch-notify*",
                        "Write on topic driftwatch.deliveries",
                        "Write on topic driftwatch.dead-letters");
        assertThat(KafkaUser.NOTIFY.rights(config(BASE + "retrain: {enabled: true}\n")))
                .extracting(KafkaRight::toString)
                .doesNotContain("Write on topic driftwatch.deliveries")
                .contains("Write on topic driftwatch.retrain-status");
    }

    @Test
    void aGroupOfTheUsersIsTheOneThatIsNeeded() throws Exception {
        String own = BASE.replace("\"b:1\"", "\"b:1\", properties: {group.id: mine}");

        assertThat(KafkaUser.MONITOR.rights(config(own)))
                .extracting(KafkaRight::toString)
                .contains("Read on groups mine*");
    }

    @Test
    void theCommandIsTheOneOfKafka() {
        assertThat(KafkaRight.groups("g").command("User:a", "b:1"))
                .isEqualTo(
                        "kafka-acls.sh --bootstrap-server b:1 --add --allow-principal User:a"
                                + " --operation Read --group g --resource-pattern-type prefixed");
        assertThat(KafkaRight.transactions("t").command("User:a", "b:1"))
                .endsWith(" --operation Write --transactional-id t");
    }
}
