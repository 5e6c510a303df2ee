package io.driftwatch.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SchemaHistoryTest {

    private static final Path SHIPPED = Path.of("src/main/resources/io/driftwatch/schemas/history");

    @Test
    void theIndexNamesExactlyTheFilesThatShip() throws IOException {
        var named =
                Files.readAllLines(SHIPPED.resolve("index")).stream()
                        .map(line -> line.replaceFirst("#.*", "").strip())
                        .filter(line -> !line.isEmpty())
                        .toList();

        assertThat(named).containsExactlyInAnyOrderElementsOf(filesUnder(SHIPPED));
    }

    @Test
    void knowsTheCurrentSchemasWithoutAnIndexEntry() {
        assertThat(ClassTrust.schemas())
                .allSatisfy(
                        schema ->
                                assertThat(
                                                SchemaHistory.shipped()
                                                        .find(SchemaHistory.fingerprint(schema)))
                                        .contains(schema));
    }

    @Test
    void knowsAnEarlierSchemaThatTheIndexNames() {
        var history = SchemaHistory.load("/history-of-codec/index");

        assertThat(history.versionsOf("io.driftwatch.schemas.Score"))
                .hasSize(2)
                .contains(Score.getClassSchema());
    }

    @Test
    void saysNothingOfAFingerprintThatItDoesNotKnow() {
        assertThat(SchemaHistory.shipped().find(17)).isEmpty();
    }

    @Test
    void ignoresDocsAndDefaultsInTheFingerprint() {
        var files =
                SchemaHistory.parse(
                        Map.of(
                                "a",
                                "{\"type\":\"record\",\"name\":\"A\",\"doc\":\"One.\",\"fields\":[]}"));
        var others =
                SchemaHistory.parse(
                        Map.of("a", "{\"type\":\"record\",\"name\":\"A\",\"fields\":[]}"));

        assertThat(SchemaHistory.fingerprint(files.get("a")))
                .isEqualTo(SchemaHistory.fingerprint(others.get("a")));
    }

    @Test
    void saysWhichFileIsAbsent() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SchemaHistory.load("/broken-history/absent-file"))
                .withMessage(
                        "The schema history lacks /broken-history/0.0.1/absent.avsc; add the file or its line");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SchemaHistory.load("/nowhere/index"))
                .withMessage("The schema history lacks /nowhere/index; add the file or its line");
    }

    @Test
    void saysWhichLineOfTheIndexIsNoPath() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SchemaHistory.load("/broken-history/bad-line"))
                .withMessage(
                        "/broken-history/bad-line names 'score.avsc'; expected <version>/<name>.avsc, such as"
                                + " 0.1.0/score.avsc");
    }

    @Test
    void saysWhichFileDoesNotParse() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> SchemaHistory.parse(Map.of("0.1.0/bad.avsc", "{\"type\":\"recor\"}")))
                .withMessageStartingWith("0.1.0/bad.avsc");
    }

    @Test
    void saysWhichFileRefersToATypeThatIsNotThere() {
        var text =
                "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"b\",\"type\":\"x.Missing\"}]}";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SchemaHistory.parse(Map.of("0.1.0/a.avsc", text)))
                .withMessageStartingWith(
                        "0.1.0/a.avsc refers to a type that no file beside it defines")
                .withMessageContaining("x.Missing");
    }

    private static List<String> filesUnder(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> !file.equals("index"))
                    .toList();
        }
    }
}
