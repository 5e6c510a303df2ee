package io.driftwatch.alerts.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * One mapping of a configuration file, YAML or JSON.
 *
 * <p>Every getter marks its key as known; {@link #end} then reports the keys that nobody asked for.
 * On a mistake a getter records a problem (the path, the quoted value, what is expected and an
 * example) and returns the fallback, so that reading goes on and finds the other mistakes too. No
 * getter throws because of what the file says, and none returns null unless its fallback is null
 * where that is stated. Lists and maps are unmodifiable. Not thread-safe.
 */
public final class ConfigMapping {
    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]+");

    private final String fileName;
    private final String path;
    private final Location location;
    private final Problems problems;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> known = new TreeSet<>();

    private ConfigMapping(
            String fileName, String path, Location location, Problems problems, MappingNode node) {
        this.fileName = fileName;
        this.path = path;
        this.location = location;
        this.problems = problems;
        if (node != null) {
            node.getValue().forEach(this::enter);
        }
    }

    /**
     * Reads a text. A syntax error, a second document, or anything but a mapping at the top is a
     * problem and gives an empty mapping; a key that stands twice is a problem and its first value
     * holds.
     */
    public static ConfigMapping parse(String fileName, String text, Problems problems) {
        MappingNode top = YamlDocument.topMapping(fileName, text, problems);
        Location start =
                top == null ? new Location(fileName, 1, 1) : YamlDocument.location(fileName, top);
        return new ConfigMapping(fileName, "", start, problems, top);
    }

    private void enter(NodeTuple tuple) {
        Location place = YamlDocument.location(fileName, tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
            problems.add(place, prefix(path) + "a key is a single value, not a mapping or a list");
            return;
        }
        NodeTuple first = entries.putIfAbsent(keyNode.getValue(), tuple);
        if (first != null) {
            int line = YamlDocument.location(fileName, first.getKeyNode()).line();
            problems.add(
                    place,
                    prefix(pathOf(keyNode.getValue()))
                            + "the key stands here a second time (first in line "
                            + line
                            + "); remove one of them");
        }
    }

    /** Returns the way to this mapping from the top, such as {@code rules[0]}; empty at the top. */
    public String path() {
        return path;
    }

    /** Returns where this mapping stands: its key, or its element of a list. */
    public Location location() {
        return location;
    }

    /** Returns where a key stands; {@link #location()} if it does not stand here. */
    public Location location(String key) {
        NodeTuple tuple = entries.get(key);
        return tuple == null ? location : YamlDocument.location(fileName, tuple.getKeyNode());
    }

    /** Says whether a key stands here, even with an empty value. */
    public boolean has(String key) {
        known.add(key);
        return entries.containsKey(key);
    }

    /** Returns all keys that stand here, in file order; marks none as known. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    /** Says which form the value at a key has; an empty value counts as absent. */
    public Kind kind(String key) {
        return YamlDocument.kind(value(key));
    }

    /** Reads text; a null fallback makes the key required, and a missing one reads as "". */
    public String string(String key, String fallback) {
        String otherwise = fallback == null ? "" : fallback;
        requireIf(fallback == null, key, "some text");
        return scalar(key, Function.identity()).orElse(otherwise);
    }

    /** Reads text; empty if the key is absent. */
    public Optional<String> optionalString(String key) {
        return scalar(key, Function.identity());
    }

    /** Reads a finite number; a NaN fallback makes the key required. */
    public double number(String key, double fallback) {
        requireIf(Double.isNaN(fallback), key, "a number");
        return scalar(key, Scalars::number).orElse(fallback);
    }

    /** Reads a finite number; empty if the key is absent or is not a number. */
    public OptionalDouble optionalNumber(String key) {
        return scalar(key, Scalars::number)
                .map(OptionalDouble::of)
                .orElseGet(OptionalDouble::empty);
    }

    /** Reads a whole number between two limits, both included. */
    public long integer(String key, long fallback, long min, long max) {
        return scalar(key, text -> Scalars.integer(text, min, max)).orElse(fallback);
    }

    /** Reads {@code true} or {@code false}. */
    public boolean flag(String key, boolean fallback) {
        return scalar(key, Scalars::flag).orElse(fallback);
    }

    /**
     * Reads a duration as {@link Durations} does; a null fallback makes the key required, and a
     * missing or unreadable one reads as zero.
     */
    public Duration duration(String key, Duration fallback) {
        requireIf(fallback == null, key, "a duration such as 10m");
        Duration otherwise = fallback == null ? Duration.ZERO : fallback;
        return scalar(key, Scalars::duration).orElse(otherwise);
    }

    /**
     * Reads the lower-case name of a constant. A null fallback makes the key required; then, after
     * a problem, null is returned.
     */
    public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
        requireIf(fallback == null, key, "one of the known names");
        return scalar(key, text -> Scalars.choice(text, type)).orElse(fallback);
    }

    /** Reads a list of texts; a single value counts as a list of one, an absent key as none. */
    public List<String> strings(String key) {
        return list(key, Function.identity());
    }

    /** Reads a list of finite numbers; a single value counts as a list of one. */
    public List<Double> numbers(String key) {
        return list(key, Scalars::number);
    }

    /** Reads a mapping of texts, in file order; empty if the key is absent. */
    public Map<String, String> stringMap(String key) {
        Map<String, String> values = new LinkedHashMap<>();
        mapping(key)
                .ifPresent(
                        inner ->
                                inner.keys()
                                        .forEach(
                                                name ->
                                                        inner.scalar(name, Function.identity())
                                                                .ifPresent(
                                                                        v -> values.put(name, v))));
        return Collections.unmodifiableMap(values);
    }

    /** Reads a mapping; empty if the key is absent, has no value, or holds something else. */
    public Optional<ConfigMapping> mapping(String key) {
        Node node = value(key);
        return switch (YamlDocument.kind(node)) {
            case ABSENT -> Optional.empty();
            case MAPPING -> Optional.of(child(pathOf(key), location(key), node));
            case SCALAR, LIST -> {
                wrongKind(key, "a mapping, key: value", node);
                yield Optional.empty();
            }
        };
    }

    /** Reads a list of mappings; empty if the key is absent or has no value. */
    public List<ConfigMapping> mappings(String key) {
        Node node = value(key);
        if (YamlDocument.isEmpty(node)) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            wrongKind(key, "a list of mappings", node);
            return List.of();
        }
        List<ConfigMapping> mappings = new ArrayList<>();
        int index = 0;
        for (Node element : sequence.getValue()) {
            String elementPath = pathOf(key) + "[" + index++ + "]";
            Location place = YamlDocument.location(fileName, element);
            if (element instanceof MappingNode) {
                mappings.add(child(elementPath, place, element));
            } else {
                problems.add(
                        place,
                        elementPath
                                + ": expected a mapping, key: value, found "
                                + YamlDocument.describe(element));
            }
        }
        return Collections.unmodifiableList(mappings);
    }

    /**
     * Reads a mapping whose values are mappings, in file order; an empty value ({@code x:}) counts
     * as an empty mapping.
     */
    public Map<String, ConfigMapping> namedMappings(String key) {
        Map<String, ConfigMapping> named = new LinkedHashMap<>();
        ConfigMapping outer = mapping(key).orElse(null);
        if (outer == null) {
            return Map.of();
        }
        for (String name : outer.keys()) {
            Node node = outer.value(name);
            Location place = outer.location(name);
            if (YamlDocument.isEmpty(node)) {
                named.put(name, child(outer.pathOf(name), place, null));
            } else {
                outer.mapping(name).ifPresent(inner -> named.put(name, inner));
            }
        }
        return Collections.unmodifiableMap(named);
    }

    /** Records a mistake at a key, with its path before the message. */
    public void problem(String key, String message) {
        known.add(key);
        problems.add(location(key), pathOf(key) + ": " + message);
    }

    /** Reports every key that no getter asked for, naming the nearest known key. */
    public void end() {
        List<String> names = List.copyOf(known);
        for (String key : entries.keySet()) {
            if (!known.contains(key)) {
                problems.add(location(key), unknownKey(key, names));
            }
        }
    }

    private String unknownKey(String key, List<String> names) {
        String start = prefix(path) + "unknown key " + Quoted.of(key);
        Optional<String> nearest = NearestName.of(key, names);
        if (nearest.isEmpty()) {
            return start + "; no key is known here";
        }
        String question = start + "; did you mean '" + nearest.get() + "'?";
        return NearestName.isNear(key, nearest.get())
                ? question
                : question + " Known here: " + String.join(", ", names);
    }

    private Node value(String key) {
        known.add(key);
        NodeTuple tuple = entries.get(key);
        return tuple == null ? null : tuple.getValueNode();
    }

    private <T> Optional<T> scalar(String key, Function<String, T> reading) {
        Node node = value(key);
        if (node == null) {
            return Optional.empty();
        }
        if (YamlDocument.kind(node) != Kind.SCALAR) {
            wrongKind(key, "a single value", node);
            return Optional.empty();
        }
        return read(location(key), pathOf(key), node, reading);
    }

    private <T> List<T> list(String key, Function<String, T> reading) {
        Node node = value(key);
        if (YamlDocument.isEmpty(node)) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            return scalar(key, reading).map(List::of).orElseGet(List::of);
        }
        List<T> values = new ArrayList<>();
        int index = 0;
        for (Node element : sequence.getValue()) {
            String elementPath = pathOf(key) + "[" + index++ + "]";
            Location place = YamlDocument.location(fileName, element);
            if (YamlDocument.kind(element) == Kind.SCALAR) {
                read(place, elementPath, element, reading).ifPresent(values::add);
            } else {
                problems.add(
                        place,
                        elementPath
                                + ": expected a single value, found "
                                + YamlDocument.describe(element));
            }
        }
        return Collections.unmodifiableList(values);
    }

    private <T> Optional<T> read(
            Location place, String valuePath, Node node, Function<String, T> reading) {
        try {
            return Optional.of(reading.apply(((ScalarNode) node).getValue()));
        } catch (IllegalArgumentException mistake) {
            problems.add(place, valuePath + ": " + mistake.getMessage());
            return Optional.empty();
        }
    }

    private void requireIf(boolean required, String key, String expected) {
        known.add(key);
        if (required && !entries.containsKey(key)) {
            problems.add(location, pathOf(key) + ": missing; give it " + expected);
        }
    }

    private void wrongKind(String key, String expected, Node node) {
        problem(key, "expected " + expected + ", found " + YamlDocument.describe(node));
    }

    private ConfigMapping child(String childPath, Location place, Node node) {
        return new ConfigMapping(fileName, childPath, place, problems, (MappingNode) node);
    }

    private String pathOf(String key) {
        if (!PLAIN_KEY.matcher(key).matches()) {
            return path + "[" + Quoted.of(key) + "]";
        }
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String prefix(String path) {
        return path.isEmpty() ? "" : path + ": ";
    }
}
