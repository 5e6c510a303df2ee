package io.driftwatch.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One of the benchmarks' programs in a JVM of its own, with the launcher's collector and options:
 * what it costs is measured apart, and nothing that ran before has shaped its code. Its errors go
 * where ours go; what it prints is read here. Closing it closes its input and waits for its end.
 */
final class BenchmarkProcess implements AutoCloseable {
    /** The launcher's heap. */
    static final String HEAP = "2g";

    private static final int PATIENCE_SECONDS = 30;

    private final Process process;
    private final BufferedReader lines;

    private BenchmarkProcess(Process process) {
        this.process = process;
        this.lines = process.inputReader();
    }

    /** As the other method of this name, without options of the JVM. */
    static BenchmarkProcess start(Class<?> main, String heap, List<String> arguments)
            throws IOException {
        return start(main, heap, List.of(), arguments);
    }

    /**
     * Starts a program.
     *
     * @param main has its {@code main} method
     * @param heap the largest heap, as {@code -Xmx} takes it
     * @param options of the JVM, beside the launcher's
     */
    static BenchmarkProcess start(
            Class<?> main, String heap, List<String> options, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseParallelGC",
                        "-Xmx" + heap,
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                        "-Dlog4j2.configurationFile=driftwatch-log4j2.properties"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return new BenchmarkProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** The next line that it prints. */
    String readLine() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new IOException("a program of the benchmark has failed; see above");
        }
        return line;
    }

    /** The handle of the running program, for what this class does not offer. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        lines.close();
    }
}
