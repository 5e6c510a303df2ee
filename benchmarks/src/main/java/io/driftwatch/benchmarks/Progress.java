package io.driftwatch.benchmarks;

import java.util.Locale;

/** Tells whoever waits how far a benchmark is; results go elsewhere. */
final class Progress {
    private Progress() {}

    static void say(String pattern, Object... values) {
        System.err.println(String.format(Locale.ROOT, pattern, values));
    }
}
