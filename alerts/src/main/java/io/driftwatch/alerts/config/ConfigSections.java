package io.driftwatch.alerts.config;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.representer.Representer;

/**
 * The sections of a configuration text, its keys at the top: to take some of them elsewhere, and to
 * compare them with those of another text. Comments and layout are lost. Immutable.
 */
public final class ConfigSections {
    /** What elements of lists are called by, where they have one of these. */
    private static final List<String> NAMES = List.of("name", "alert", "role", "receiver");

    private final MappingNode top;

    private ConfigSections(MappingNode top) {
        this.top = top;
    }

    /**
     * Reads a text.
     *
     * @param text one that {@link ConfigMapping#parse} reads without a problem
     * @throws IllegalArgumentException if it is no mapping
     */
    public static ConfigSections parse(String text) {
        Node node = yaml().compose(new StringReader(text));
        if (node instanceof MappingNode mapping) {
            return new ConfigSections(mapping);
        }
        throw new IllegalArgumentException("the text is not a mapping");
    }

    private static Yaml yaml() {
        DumperOptions options = new DumperOptions();
        options.setWidth(Integer.MAX_VALUE);
        return new Yaml(
                new SafeConstructor(new LoaderOptions()),
                new Representer(options),
                options,
                new LoaderOptions());
    }

    /** Returns the text with these sections only, in the order in which they stand. */
    public String only(Collection<String> sections) {
        return text(sections::contains);
    }

    /** Returns the text without these sections. */
    public String without(Collection<String> sections) {
        return text(section -> !sections.contains(section));
    }

    private String text(Predicate<String> isWanted) {
        List<NodeTuple> wanted =
                top.getValue().stream().filter(tuple -> isWanted.test(key(tuple))).toList();
        if (wanted.isEmpty()) {
            return "";
        }
        MappingNode part =
                new MappingNode(
                        top.getTag(), new ArrayList<>(wanted), DumperOptions.FlowStyle.BLOCK);
        try (StringWriter out = new StringWriter()) {
            yaml().serialize(part, out);
            return out.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String key(NodeTuple tuple) {
        return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /**
     * Returns every single value by its path, such as {@code rules[FeatureDrift].above}: elements
     * of lists by their names, or else by their places from 0.
     */
    public Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        enter("", top, values);
        return values;
    }

    private static void enter(String path, Node node, Map<String, String> values) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                String prefix = path.isEmpty() ? "" : path + ".";
                enter(prefix + key(tuple), tuple.getValueNode(), values);
            }
        } else if (node instanceof SequenceNode sequence) {
            int place = 0;
            for (Node element : sequence.getValue()) {
                String name = name(element, Integer.toString(place));
                String inside = path + "[" + name + "]";
                boolean isTaken = values.keySet().stream().anyMatch(key -> key.startsWith(inside));
                enter(isTaken ? path + "[" + name + " " + place + "]" : inside, element, values);
                place++;
            }
        } else {
            values.put(path, ((ScalarNode) node).getValue());
        }
    }

    private static String name(Node element, String otherwise) {
        if (element instanceof MappingNode mapping) {
            for (String name : NAMES) {
                for (NodeTuple tuple : mapping.getValue()) {
                    if (key(tuple).equals(name)
                            && tuple.getValueNode() instanceof ScalarNode scalar) {
                        return scalar.getValue();
                    }
                }
            }
        }
        return otherwise;
    }
}
