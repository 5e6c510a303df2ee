package io.driftwatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.driftwatch.alerts.config.ConfigException;
import io.driftwatch.alerts.config.Problems;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigMistakesTest {
    @TempDir private Path folder;

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(ConfigMistakesTest.class.getResource("/config/" + name).toURI());
    }

    private static List<String> mistakes(Path file) {
        Problems problems = new Problems();
        ConfigLoader.load(file, problems);
        return problems.list().stream()
                .map(p -> p.location().line() + ":" + p.location().column() + ": " + p.message())
                .toList();
    }

    static Stream<String> mistakes() throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(resource("mistakes"))) {
            return files
                    .map(f -> f.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - ".yaml".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void namesTheMistakeAndNothingElse(String name) throws Exception {
        List<String> expected = Files.readAllLines(resource("mistakes/" + name + ".txt"));

        assertThat(mistakes(resource("mistakes/" + name + ".yaml"))).isEqualTo(expected);
    }

    @Test
    void namesElevenMistakesAtOnce() throws Exception {
        assertThat(mistakes(resource("eleven-mistakes.yaml")))
                .satisfiesExactly(
                        m -> assertThat(m).startsWith("1:46: kafka.properties: 'transactional.id'"),
                        m -> assertThat(m).startsWith("3:5: models[0].profile: missing"),
                        m ->
                                assertThat(m)
                                        .startsWith("5:27: models[0].streams[0].topic: 'no good'"),
                        m ->
                                assertThat(m)
                                        .startsWith(
                                                "5:61: models[0].streams[0]: unknown key 'formt'"),
                        m -> assertThat(m).startsWith("6:24: models[0].window.slide: must divide"),
                        m -> assertThat(m).startsWith("6:35: models[0].window.lateness: 'soon'"),
                        m ->
                                assertThat(m)
                                        .startsWith(
                                                "8:18: models[0].features.distance.type: 'number'"),
                        m ->
                                assertThat(m)
                                        .startsWith("8:32: models[0].features.distance.bins: '1'"),
                        m -> assertThat(m).startsWith("9:5: models[0].statistics: 'wassertein'"),
                        m -> assertThat(m).startsWith("11:5: rules[0].above: missing"),
                        m ->
                                assertThat(m)
                                        .startsWith(
                                                "12:1: unknown key 'receiver'; did you mean 'receivers'?"));
    }

    @Test
    void saysThatThereIsNoSuchFile() {
        Path none = folder.resolve("none.yaml");

        assertThatThrownBy(() -> ConfigLoader.load(none))
                .isInstanceOf(ConfigException.class)
                .hasMessage(none + ":1:1: there is no such file; check its path");
    }

    @Test
    void saysThatAFolderCannotBeRead() {
        assertThatThrownBy(() -> ConfigLoader.load(folder))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(folder + ":1:1: cannot be read");
    }

    @Test
    void saysThatAFileIsNotText() throws IOException {
        Path file = folder.resolve("latin.yaml");
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xE9});

        assertThat(mistakes(file)).containsExactly("1:1: is not UTF-8 text");
    }

    @Test
    void saysThatASchemaFileHoldsNoSchema() throws IOException {
        for (String schema : List.of("", "oops", "{}", "{\"type\":\"record\"}", BAD_DEFAULT)) {
            Files.writeString(folder.resolve("x.avsc"), schema);
            Path file = folder.resolve("m.yaml");
            Files.writeString(
                    file,
                    """
                    models:
                      - name: flights
                        profile: p.avro
                        streams:
                          - {role: inference, topic: t, event_time: at, format: avro, schema: x.avsc}
                        window: {size: 1h}
                    """);

            assertThat(mistakes(file))
                    .as(schema)
                    .singleElement()
                    .asString()
                    .startsWith(
                            "5:67: models[0].streams[0].schema: 'x.avsc' is not an Avro schema: ");
        }
    }

    private static final String BAD_DEFAULT =
            "{\"type\":\"record\",\"name\":\"T\",\"fields\":"
                    + "[{\"name\":\"x\",\"type\":\"int\",\"default\":\"one\"}]}";
}
