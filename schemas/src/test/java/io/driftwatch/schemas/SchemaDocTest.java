package io.driftwatch.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every record, enum and field explains itself, and every number says in what it is measured. The
 * rule:
 *
 * <ul>
 *   <li>a doc begins with something and ends with a period;
 *   <li>a time says "in milliseconds since 1970-01-01T00:00:00Z";
 *   <li>any other number, or an array or map of numbers, names a unit of {@link #UNITS} or says
 *       "pure number" or "No unit.";
 *   <li>everything else says "No unit.", or, when it holds records, "Units as there.".
 * </ul>
 */
class SchemaDocTest {

    /** The units in use. A new one is added here on purpose, not by accident. */
    private static final Pattern UNITS =
            Pattern.compile(
                    "in (rows|records|bytes|milliseconds)\\b"
                            + "|in (the feature's( own)?|the target's|its) unit\\b"
                            + "|in the unit of (value|the score's value|its definition)\\b"
                            + "|from 0 to 1\\b"
                            + "|\\bpure number\\b"
                            + "|\\bNo unit\\.");

    @ParameterizedTest(name = "{0}")
    @MethodSource("schemas")
    void everyRecordEnumAndFieldIsDocumented(ReleasedSchemas.Released released) {
        assertThat(problems(released.schema())).isEmpty();
    }

    @Test
    void aMissingDocIsCaught() {
        assertThat(problems("null", "int", "A pure number.")).containsExactly("Probe has no doc");
        assertThat(problems("\"A probe.\"", "int", "")).containsExactly("Probe.field has no doc");
    }

    @Test
    void aMissingPeriodIsCaught() {
        assertThat(problems("\"A probe\"", "int", "Rows, in rows"))
                .containsExactly(
                        "Probe: the doc 'A probe' does not end with a period",
                        "Probe.field: the doc 'Rows, in rows' does not end with a period");
    }

    @Test
    void aNumberWithoutUnitIsCaught() {
        assertThat(problems("\"A probe.\"", "double", "How large it is."))
                .singleElement()
                .asString()
                .startsWith("Probe.field: the doc 'How large it is.' names no unit");
    }

    @Test
    void aTextThatDoesNotSayThatItHasNoUnitIsCaught() {
        assertThat(problems("\"A probe.\"", "string", "Its name, in rows."))
                .singleElement()
                .asString()
                .contains("does not say 'No unit.'");
    }

    @Test
    void anEnumWithoutDocIsCaught() {
        var schema =
                SchemaParser.parseSingle(
                        """
                        {"type": "record", "name": "Probe", "doc": "A probe.", "fields": [{"name": "field", "doc": "No unit.",
                          "type": {"type": "enum", "name": "State", "symbols": ["on"]}}]}
                        """);

        assertThat(problems(schema)).containsExactly("State has no doc");
    }

    private static List<String> problems(String recordDoc, String type, String fieldDoc) {
        return problems(
                SchemaParser.parseSingle(
                        """
                        {"type": "record", "name": "Probe", "doc": %s, "fields": [{"name": "field", "type": "%s", "doc": "%s"}]}
                        """
                                .formatted(recordDoc, type, fieldDoc)));
    }

    private static List<String> problems(Schema schema) {
        var problems = new ArrayList<String>();
        check(schema, new TreeSet<>(), problems);
        return problems;
    }

    private static void check(Schema schema, Set<String> seen, List<String> problems) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    checkSentence(schema.getName(), schema.getDoc(), problems);
                    for (var field : schema.getFields()) {
                        checkField(schema.getName() + "." + field.name(), field, problems);
                        check(field.schema(), seen, problems);
                    }
                }
            }
            case ENUM -> checkSentence(schema.getName(), schema.getDoc(), problems);
            case ARRAY -> check(schema.getElementType(), seen, problems);
            case MAP -> check(schema.getValueType(), seen, problems);
            case UNION -> schema.getTypes().forEach(type -> check(type, seen, problems));
            default -> {
                // Documented by its field.
            }
        }
    }

    private static void checkField(String path, Schema.Field field, List<String> problems) {
        if (!checkSentence(path, field.doc(), problems)) {
            return;
        }
        var doc = field.doc();
        var leaf = leaf(field.schema());
        switch (leaf.getType()) {
            case INT, LONG, FLOAT, DOUBLE -> {
                if (leaf.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
                    if (!doc.contains("in milliseconds since 1970-01-01T00:00:00Z")) {
                        problems.add(
                                "%s: the doc '%s' does not say 'in milliseconds since 1970-01-01T00:00:00Z'"
                                        .formatted(path, doc));
                    }
                } else if (!UNITS.matcher(doc).find()) {
                    problems.add(
                            "%s: the doc '%s' names no unit; write one, such as 'in rows', or 'A pure number.'"
                                    .formatted(path, doc));
                }
            }
            default -> {
                boolean unitless = doc.contains("No unit.");
                boolean unitsInside =
                        leaf.getType() == Schema.Type.RECORD && doc.contains("Units as there.");
                if (!unitless && !unitsInside) {
                    problems.add("%s: the doc '%s' does not say 'No unit.'".formatted(path, doc));
                }
            }
        }
    }

    private static boolean checkSentence(String path, String doc, List<String> problems) {
        if (doc == null || doc.isBlank()) {
            problems.add(path + " has no doc");
            return false;
        }
        if (!doc.endsWith(".")) {
            problems.add("%s: the doc '%s' does not end with a period".formatted(path, doc));
            return false;
        }
        return true;
    }

    /** What the field's numbers or texts are, past null, arrays and maps. */
    private static Schema leaf(Schema schema) {
        return switch (schema.getType()) {
            case ARRAY -> leaf(schema.getElementType());
            case MAP -> leaf(schema.getValueType());
            case UNION ->
                    leaf(
                            schema.getTypes().stream()
                                    .filter(type -> type.getType() != Schema.Type.NULL)
                                    .findFirst()
                                    .orElseThrow());
            default -> schema;
        };
    }

    private static Stream<ReleasedSchemas.Released> schemas() {
        return ReleasedSchemas.current().stream();
    }
}
