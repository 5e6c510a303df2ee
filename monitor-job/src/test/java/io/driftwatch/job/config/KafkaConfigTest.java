package io.driftwatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaConfigTest {
    @TempDir private Path folder;

    /** What a client of Kafka makes of our properties. */
    private static ConsumerConfig client(Map<String, String> properties) {
        Map<String, Object> all = new HashMap<>();
        new KafkaConfig("localhost:9092", properties)
                .toProperties()
                .forEach((key, value) -> all.put(key.toString(), value));
        all.put("key.deserializer", ByteArrayDeserializer.class);
        all.put("value.deserializer", ByteArrayDeserializer.class);
        return new ConsumerConfig(all);
    }

    @Test
    void aClientFetchesWhatAValueNamesFromAFileAFolderOrTheEnvironment() throws Exception {
        Path file = Files.writeString(folder.resolve("all.properties"), "store=of-a-file\n");
        Files.writeString(folder.resolve("key"), "of-a-folder");
        ConsumerConfig config =
                client(
                        Map.of(
                                "ssl.keystore.password", "${file:" + file + ":store}",
                                "ssl.key.password", "x-${dir:" + folder + ":key}-y",
                                "client.id", "${env:PATH}"));

        assertThat(config.getPassword("ssl.keystore.password").value()).isEqualTo("of-a-file");
        assertThat(config.getPassword("ssl.key.password").value()).isEqualTo("x-of-a-folder-y");
        assertThat(config.getString("client.id")).isEqualTo(System.getenv("PATH"));
    }

    @Test
    void whatTravelsWithTheJobNamesTheSecretOnly() {
        assertThat(
                        new KafkaConfig("b:1", Map.of("ssl.key.password", "${dir:/run:key}"))
                                .toProperties())
                .containsEntry("ssl.key.password", "${dir:/run:key}")
                .containsEntry("config.providers", "dir");
    }

    @Test
    void providersThatTheUserHasChosenStay() {
        assertThat(
                        new KafkaConfig(
                                        "b:1",
                                        Map.of("config.providers", "vault", "a", "${dir:/run:key}"))
                                .toProperties())
                .containsEntry("config.providers", "vault")
                .doesNotContainKey("config.providers.dir.class");
    }

    @Test
    void addsNothingWhereNothingIsNamed() {
        assertThat(new KafkaConfig("b:1", Map.of("client.id", "c")).toProperties())
                .containsOnlyKeys("bootstrap.servers", "client.id");
    }
}
