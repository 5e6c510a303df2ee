package io.driftwatch.alerts.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigMappingTest {
    private enum Colour {
        DARK_RED,
        BLUE
    }

    private final Problems problems = new Problems();

    private ConfigMapping parse(String text) {
        return ConfigMapping.parse("driftwatch.yaml", text, problems);
    }

    private List<String> messages() {
        return problems.list().stream().map(Problem::toString).toList();
    }

    @Test
    void readsEveryKindOfValue() {
        ConfigMapping root =
                parse(
                        """
                        text: 1.10
                        number: -2.5e-1
                        integer: 42
                        flag: true
                        duration: 1h30m
                        colour: dark_red
                        names: [a, b]
                        name: c
                        edges: [1, 2.5]
                        map: {x: 1, y: two}
                        inner: {deep: {deeper: yes}}
                        items:
                          - {id: first}
                          - id: second
                        named:
                          plain:
                          full: {id: third}
                        """);

        assertThat(root.string("text", null)).isEqualTo("1.10");
        assertThat(root.number("number", 0)).isEqualTo(-0.25);
        assertThat(root.integer("integer", 0, 0, 100)).isEqualTo(42);
        assertThat(root.flag("flag", false)).isTrue();
        assertThat(root.duration("duration", null)).isEqualTo(Duration.ofMinutes(90));
        assertThat(root.choice("colour", Colour.class, null)).isEqualTo(Colour.DARK_RED);
        assertThat(root.strings("names")).containsExactly("a", "b");
        assertThat(root.strings("name")).containsExactly("c");
        assertThat(root.numbers("edges")).containsExactly(1.0, 2.5);
        assertThat(root.stringMap("map")).containsEntry("x", "1").containsEntry("y", "two");
        ConfigMapping deep = root.mapping("inner").orElseThrow().mapping("deep").orElseThrow();
        assertThat(deep.path()).isEqualTo("inner.deep");
        assertThat(deep.optionalString("deeper")).contains("yes");
        assertThat(root.mappings("items")).hasSize(2);
        assertThat(root.mappings("items").get(1).path()).isEqualTo("items[1]");
        assertThat(root.namedMappings("named").keySet()).containsExactly("plain", "full");
        assertThat(root.namedMappings("named").get("plain").keys()).isEmpty();
        root.end();
        assertThat(messages()).isEmpty();
    }

    @Test
    void readsJson() {
        ConfigMapping root = parse("{\"number\": 0.2, \"names\": [\"a\"], \"none\": null}");

        assertThat(root.number("number", 0)).isEqualTo(0.2);
        assertThat(root.strings("names")).containsExactly("a");
        assertThat(root.kind("none")).isEqualTo(Kind.ABSENT);
        assertThat(root.has("none")).isTrue();
        assertThat(messages()).isEmpty();
    }

    @Test
    void givesTheFallbackOfAbsentKeys() {
        ConfigMapping root = parse("a: 1");

        assertThat(root.string("s", "x")).isEqualTo("x");
        assertThat(root.number("n", 0.5)).isEqualTo(0.5);
        assertThat(root.optionalNumber("n")).isEmpty();
        assertThat(root.duration("d", Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
        assertThat(root.choice("c", Colour.class, Colour.BLUE)).isEqualTo(Colour.BLUE);
        assertThat(root.strings("l")).isEmpty();
        assertThat(root.mapping("m")).isEmpty();
        assertThat(root.mappings("ms")).isEmpty();
        assertThat(root.namedMappings("nm")).isEmpty();
        assertThat(messages()).isEmpty();
    }

    @Test
    void reportsMissingRequiredKeysAtTheMappingThatNeedsThem() {
        ConfigMapping inner = parse("a: 1\nouter:\n  x: 1").mapping("outer").orElseThrow();

        assertThat(inner.string("name", null)).isEmpty();
        assertThat(inner.duration("size", null)).isZero();

        assertThat(messages())
                .containsExactly(
                        "driftwatch.yaml:2:1: outer.name: missing; give it some text",
                        "driftwatch.yaml:2:1: outer.size: missing; give it a duration such as 10m");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "number: high    | 'high' is not a number; use for example 0.2",
                "number: .nan    | '.nan' is not a number; use for example 0.2",
                "number: 1e999   | '1e999' is not a number; use for example 0.2",
                "number: 1_000   | '1_000' is not a number; use for example 0.2",
                "number: [1]     | expected a single value, found a list",
                "number:         | expected a single value, found no value",
                "integer: 1.5    | '1.5' is not a whole number from 1 to 9; use for example 1",
                "integer: 10     | '10' is not a whole number from 1 to 9; use for example 1",
                "integer: 010    | '010' is not a whole number from 1 to 9; use for example 1",
                "flag: yes       | 'yes' is neither true nor false; use for example true",
                "duration: 10    | '10' is not a duration; use for example 30s, 10m, 1h30m or 1d",
                "colour: darkred | 'darkred' is not one of dark_red, blue; did you mean 'dark_red'?",
                "list: {a: 1}    | expected a single value, found a mapping",
                "map: [a]        | expected a mapping, key: value, found a list",
                "maps: {a: 1}    | expected a list of mappings, found a mapping",
            })
    void saysWhatIsWrongAndHowToPutItRight(String text, String message) {
        ConfigMapping root = parse(text);

        root.number("number", 1);
        root.integer("integer", 1, 1, 9);
        root.flag("flag", false);
        root.duration("duration", Duration.ZERO);
        root.choice("colour", Colour.class, Colour.BLUE);
        root.strings("list");
        root.stringMap("map");
        root.mappings("maps");
        root.end();

        String key = text.substring(0, text.indexOf(':'));
        assertThat(messages()).containsExactly("driftwatch.yaml:1:1: " + key + ": " + message);
    }

    @Test
    void pointsAtTheWrongElementOfAList() {
        ConfigMapping root = parse("edges:\n  - 1\n  - two\nmaps:\n  - a: 1\n  - b");

        assertThat(root.numbers("edges")).containsExactly(1.0);
        assertThat(root.mappings("maps")).hasSize(1);

        assertThat(messages())
                .containsExactly(
                        "driftwatch.yaml:3:5: edges[1]: 'two' is not a number; use for example 0.2",
                        "driftwatch.yaml:6:5: maps[1]: expected a mapping, key: value, found a"
                                + " single value");
    }

    @Test
    void namesTheNearestKnownKeyOfAnUnknownOne() {
        ConfigMapping root = parse("treshold: 1\nzzzzzzzz: 2");
        root.number("threshold", 0);
        root.flag("enabled", true);

        root.end();

        assertThat(messages())
                .containsExactly(
                        "driftwatch.yaml:1:1: unknown key 'treshold'; did you mean 'threshold'?",
                        "driftwatch.yaml:2:1: unknown key 'zzzzzzzz'; did you mean 'enabled'?"
                                + " Known here: enabled, threshold");
    }

    @Test
    void reportsKeysThatStandTwiceAndKeepsTheFirst() {
        ConfigMapping root = parse("a: 1\nb: {c: 1, c: 2}\na: 3");

        assertThat(root.integer("a", 0, 0, 9)).isEqualTo(1);
        assertThat(root.mapping("b").orElseThrow().integer("c", 0, 0, 9)).isEqualTo(1);

        assertThat(messages())
                .containsExactly(
                        "driftwatch.yaml:2:11: b.c: the key stands here a second time (first in"
                                + " line 2); remove one of them",
                        "driftwatch.yaml:3:1: a: the key stands here a second time (first in line"
                                + " 1); remove one of them");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'a: [1, 2'          | driftwatch.yaml:1:9: not valid YAML",
                "'a: b: c'           | driftwatch.yaml:1:5: not valid YAML",
                "'- a'               | driftwatch.yaml:1:1: the file holds a list",
                "'just text'         | driftwatch.yaml:1:1: the file holds a single value",
                "''                  | driftwatch.yaml:1:1: the file holds nothing",
                "'# only a comment'  | driftwatch.yaml:1:1: the file holds nothing",
                "'? [a]\n: 1'        | driftwatch.yaml:1:3: a key is a single value",
            })
    void reportsFilesThatAreNoMapping(String text, String message) {
        ConfigMapping root = parse(text);

        assertThat(root.keys()).isEmpty();
        assertThat(messages()).singleElement().asString().startsWith(message);
    }

    @Test
    void reportsControlCharactersAndSecondDocuments() {
        parse("a: \u0001");
        parse("a: 1\n---\nb: 2");

        assertThat(messages()).hasSize(2).allMatch(m -> m.contains("not valid YAML"));
    }

    @Test
    void neverQuotesWhatFollowsTheHostOfAnAddress() {
        ConfigMapping root = parse("number: https://hooks.example/T0KEN\nhttps://h/T0KEN: 1");
        root.number("number", 0);

        root.end();

        assertThat(messages()).hasSize(2).noneMatch(message -> message.contains("T0KEN"));
    }

    @Test
    void throwsAllMistakesAtOnceInOrderOfPosition() {
        problems.add(new Location("b.yaml", 1, 1), "third");
        problems.add(new Location("a.yaml", 10, 1), "second");
        problems.add(new Location("a.yaml", 9, 7), "first");

        assertThatThrownBy(problems::throwIfAny)
                .isInstanceOf(ConfigException.class)
                .hasMessage("a.yaml:9:7: first\na.yaml:10:1: second\nb.yaml:1:1: third");
    }
}
