package io.driftwatch.alerts.config;

import java.io.StringReader;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** From text to the tree of YAML nodes, and questions to its nodes. */
final class YamlDocument {
    private YamlDocument() {}

    /** Returns the mapping at the top, or null after recording a problem. */
    static MappingNode topMapping(String fileName, String text, Problems problems) {
        Node top;
        try {
            top = new Yaml(new LoaderOptions()).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            problems.add(location(fileName, mark), "not valid YAML: " + e.getProblem());
            return null;
        } catch (YAMLException e) {
            problems.add(new Location(fileName, 1, 1), "not valid YAML: " + firstLine(e));
            return null;
        }
        if (top instanceof MappingNode mapping) {
            return mapping;
        }
        String found = top == null ? "nothing" : describe(top);
        Location start = top == null ? new Location(fileName, 1, 1) : location(fileName, top);
        problems.add(start, "the file holds " + found + "; start it with a mapping, key: value");
        return null;
    }

    private static String firstLine(YAMLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
    }

    static Location location(String fileName, Node node) {
        return location(fileName, node.getStartMark());
    }

    private static Location location(String fileName, Mark mark) {
        return mark == null
                ? new Location(fileName, 1, 1)
                : new Location(fileName, mark.getLine() + 1, mark.getColumn() + 1);
    }

    static boolean isEmpty(Node node) {
        return node == null || (node instanceof ScalarNode && node.getTag().equals(Tag.NULL));
    }

    static Kind kind(Node node) {
        if (isEmpty(node)) {
            return Kind.ABSENT;
        }
        if (node instanceof MappingNode) {
            return Kind.MAPPING;
        }
        return node instanceof SequenceNode ? Kind.LIST : Kind.SCALAR;
    }

    /** Names what a node is without quoting it: it may be a secret. */
    static String describe(Node node) {
        return switch (kind(node)) {
            case ABSENT -> "no value";
            case SCALAR -> "a single value";
            case MAPPING -> "a mapping";
            case LIST -> "a list";
        };
    }
}
