package io.driftwatch.schemas;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.driftwatch.schemas.ReleasedSchemas.Released;
import io.driftwatch.schemas.codec.SchemaHistory;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the current schemas against those of every released version, which lie in {@code
 * src/test/resources/history/<version>}. A release copies {@code src/main/avro} there and changes
 * nothing that is there already.
 */
class SchemaEvolutionTest {

    private static final String EARLIER =
            """
            {"type": "record", "name": "Probe", "namespace": "io.driftwatch.schemas", "fields": [
              {"name": "model", "type": "string"},
              {"name": "count", "type": "int", "default": 0},
              {"name": "time", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "note", "type": ["null", "string"], "default": null},
              {"name": "inner", "type": {"type": "array", "items": {"type": "record", "name": "Inner", "fields": [
                {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["first", "second"]}}]}}}]}
            """;

    @ParameterizedTest(name = "{0}")
    @MethodSource("earlierSchemas")
    void currentAndEarlierReleasesReadEachOthersRecords(Released earlier) {
        var current = currentByName().get(earlier.schema().getFullName());

        assertThat(current)
                .as("%s was released, so its record may not disappear", earlier)
                .isNotNull();
        assertThat(SchemaChanges.breaking(earlier.schema(), current))
                .as("changes since %s", earlier)
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("earlierSchemas")
    void recordsOfEarlierReleasesAreFoundByTheirFingerprint(Released earlier) {
        assertThat(SchemaHistory.shipped().find(SchemaHistory.fingerprint(earlier.schema())))
                .as(
                        "%s has changed since; copy that version with what it refers to into"
                                + " src/main/resources/io/driftwatch/schemas/history and name it in the index there",
                        earlier)
                .isPresent();
    }

    @Test
    void theFirstBaselineIsThere() {
        assertThat(ReleasedSchemas.versions()).contains("0.1.0");
        assertThat(ReleasedSchemas.earlier())
                .filteredOn(released -> released.version().equals("0.1.0"))
                .hasSize(16);
    }

    /**
     * The generator leaves a class alone if the file that it was made from has not changed itself.
     */
    @Test
    void theGeneratedClassesComeFromTheCurrentFiles() throws ReflectiveOperationException {
        for (Schema schema : currentByName().values()) {
            Class<?> generated = Class.forName(schema.getFullName());
            Schema of = (Schema) generated.getMethod("getClassSchema").invoke(null);
            assertThat(SchemaHistory.fingerprint(of))
                    .as("%s was made from an older file; run mvn clean", generated)
                    .isEqualTo(SchemaHistory.fingerprint(schema));
        }
    }

    @Test
    void anUnchangedSchemaBreaksNothing() {
        assertThat(breaking(EARLIER)).isEmpty();
    }

    @Test
    void aNewFieldWithDefaultBreaksNothing() {
        var current =
                EARLIER.replace(
                        "{\"name\": \"model\"",
                        "{\"name\": \"added\", \"type\": \"int\", \"default\": 1}, {\"name\": \"model\"");

        assertThat(breaking(current)).isEmpty();
    }

    @Test
    void aNewFieldWithoutDefaultIsCaught() {
        var current =
                EARLIER.replace(
                        "{\"name\": \"model\"",
                        "{\"name\": \"added\", \"type\": \"int\"}, {\"name\": \"model\"");

        assertThat(breaking(current))
                .singleElement()
                .asString()
                .contains("current readers cannot read earlier data", "added");
    }

    @Test
    void aRenamedFieldIsCaught() {
        assertThat(breaking(EARLIER.replace("\"model\"", "\"model_name\"")))
                .anyMatch(problem -> problem.startsWith("current readers cannot read earlier data"))
                .anyMatch(problem -> problem.startsWith("earlier readers cannot read current data"))
                .contains("Probe.model was removed or renamed");
    }

    @Test
    void aRenamedFieldWithDefaultIsCaughtAlthoughAvroAllowsIt() {
        assertThat(breaking(EARLIER.replace("\"count\"", "\"rows\"")))
                .containsExactly("Probe.count was removed or renamed");
    }

    @Test
    void aRemovedFieldIsCaught() {
        var current =
                EARLIER.replace(
                        "{\"name\": \"note\", \"type\": [\"null\", \"string\"], \"default\": null},",
                        "");

        assertThat(current).isNotEqualTo(EARLIER);
        assertThat(breaking(current)).containsExactly("Probe.note was removed or renamed");
    }

    @Test
    void reorderedEnumSymbolsAreCaught() {
        assertThat(breaking(EARLIER.replace("\"first\", \"second\"", "\"second\", \"first\"")))
                .singleElement()
                .asString()
                .startsWith(
                        "Probe.inner[].state had the symbols [first, second] and has [second, first]");
    }

    @Test
    void aRemovedEnumSymbolIsCaught() {
        assertThat(breaking(EARLIER.replace("\"first\", \"second\"", "\"first\"")))
                .anyMatch(
                        problem ->
                                problem.startsWith(
                                        "current readers cannot read earlier data: MISSING_ENUM_SYMBOLS"));
    }

    @Test
    void anAddedEnumSymbolIsCaughtBecauseEarlierReadersDoNotKnowIt() {
        assertThat(
                        breaking(
                                EARLIER.replace(
                                        "\"first\", \"second\"",
                                        "\"first\", \"second\", \"third\"")))
                .singleElement()
                .asString()
                .startsWith("earlier readers cannot read current data: MISSING_ENUM_SYMBOLS");
    }

    @Test
    void aWidenedNumberIsCaughtBecauseEarlierReadersCannotNarrowIt() {
        assertThat(breaking(EARLIER.replace("\"int\"", "\"long\"")))
                .contains("Probe.count was INT and is LONG")
                .anyMatch(
                        problem ->
                                problem.startsWith(
                                        "earlier readers cannot read current data: TYPE_MISMATCH"));
    }

    @Test
    void aChangedLogicalTypeIsCaughtAlthoughAvroAllowsIt() {
        assertThat(breaking(EARLIER.replace("timestamp-millis", "timestamp-micros")))
                .containsExactly(
                        "Probe.time was logical type 'timestamp-millis' and is 'timestamp-micros'");
    }

    private static List<String> breaking(String current) {
        return SchemaChanges.breaking(
                SchemaParser.parseSingle(EARLIER), SchemaParser.parseSingle(current));
    }

    private static Stream<Released> earlierSchemas() {
        return ReleasedSchemas.earlier().stream();
    }

    private static Map<String, Schema> currentByName() {
        return ReleasedSchemas.current().stream()
                .map(Released::schema)
                .collect(toMap(Schema::getFullName, schema -> schema));
    }
}
