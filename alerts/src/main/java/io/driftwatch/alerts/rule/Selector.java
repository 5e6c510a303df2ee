package io.driftwatch.alerts.rule;

import java.io.Serializable;
import java.util.List;

/**
 * Selects names: a name is selected if any of the globs matches all of it. In a glob {@code *}
 * stands for any run of characters, also for none; every other character stands for itself.
 *
 * @param globs the globs; copied, neither null nor containing null
 */
public record Selector(List<String> globs) implements Serializable {
    /** Selects every name. */
    public static final Selector ALL = new Selector(List.of("*"));

    public Selector {
        globs = List.copyOf(globs);
    }

    /** Says whether a name is selected; false for null. */
    public boolean matches(String name) {
        return name != null && globs.stream().anyMatch(glob -> matches(glob, name));
    }

    /** Goes back to the last star on a mismatch: linear in practice, and never recursive. */
    private static boolean matches(String glob, String name) {
        int g = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            if (g < glob.length() && glob.charAt(g) == '*') {
                star = g++;
                resume = n;
            } else if (g < glob.length() && glob.charAt(g) == name.charAt(n)) {
                g++;
                n++;
            } else if (star >= 0) {
                g = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }
}
