package io.driftwatch.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The scripts of {@code benchmarks/others}, and the launcher beside them.
 *
 * @param launcher the driftwatch script
 */
record OthersScripts(Path launcher) {
    /** Debian's packages are for Debian's Python, whatever else the path leads to. */
    private static final String PYTHON = "/usr/bin/python3";

    private Path script(String name) {
        return launcher.toAbsolutePath()
                .resolveSibling("benchmarks")
                .resolve("others")
                .resolve(name);
    }

    /** Installs what the scripts need. */
    void install() throws IOException {
        run(script("install"));
    }

    ChildProcess python(String script, Object... arguments) throws IOException {
        List<Object> command = new ArrayList<>(List.of(PYTHON, "-B", script(script)));
        command.addAll(Arrays.asList(arguments));
        return run(command.toArray());
    }

    ChildProcess driftwatch(Object... arguments) throws IOException {
        List<Object> command = new ArrayList<>(List.of(launcher));
        command.addAll(Arrays.asList(arguments));
        return run(command.toArray());
    }

    private static ChildProcess run(Object... command) throws IOException {
        return ChildProcess.run(
                new ProcessBuilder(Arrays.stream(command).map(Object::toString).toList()));
    }
}
