package io.driftwatch.job.decode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Wanted paths as a tree over field names, so that a reader descends into wanted branches only. A
 * path is a plain top-level name, or a JSON pointer (RFC 6901) when it begins with a slash.
 */
final class PathTree {
    /** No field ends here. */
    static final int NONE = -1;

    private final Map<String, PathTree> children = new HashMap<>();
    private int field = NONE;

    static PathTree of(List<String> paths) {
        PathTree root = new PathTree();
        for (int i = 0; i < paths.size(); i++) {
            PathTree node = root;
            for (String step : steps(paths.get(i))) {
                node = node.children.computeIfAbsent(step, s -> new PathTree());
            }
            node.field = i;
        }
        return root;
    }

    /** The one spelling of a path: a pointer to a top-level field is that field's plain name. */
    static String canonical(String path) {
        List<String> steps = steps(path);
        return steps.size() == 1 && !steps.get(0).startsWith("/") ? steps.get(0) : path;
    }

    static List<String> steps(String path) {
        if (!path.startsWith("/")) {
            return List.of(path);
        }
        return List.of(path.substring(1).split("/", -1)).stream()
                .map(step -> step.replace("~1", "/").replace("~0", "~"))
                .toList();
    }

    /** The branch below, or null if nothing there is wanted. */
    PathTree child(String name) {
        return children.get(name);
    }

    /** The field that ends here, or {@link #NONE}. */
    int field() {
        return field;
    }

    boolean isLeaf() {
        return children.isEmpty();
    }

    Map<String, PathTree> children() {
        return children;
    }
}
