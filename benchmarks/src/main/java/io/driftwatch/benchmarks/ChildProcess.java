package io.driftwatch.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A command that has run to its end.
 *
 * @param output what it printed
 * @param cpuSeconds its CPU time, user and system, with that of its own children
 */
record ChildProcess(String output, double cpuSeconds) {
    /** The unit of CPU times in /proc: on Linux always a hundredth of a second. */
    private static final double TICKS_PER_SECOND = 100;

    /**
     * Runs a command. No other child of this process may end meanwhile: its time would be counted
     * here.
     *
     * @throws IOException if it fails; what it says about that has gone where our errors go
     */
    static ChildProcess run(ProcessBuilder command) throws IOException {
        double before = cpuSecondsOfChildren();
        Process process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command.command()) + " failed; see above");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("told to stop", e);
        }
        return new ChildProcess(output, cpuSecondsOfChildren() - before);
    }

    /** CPU time of all children that have ended, and of theirs, since this process began. */
    static double cpuSecondsOfChildren() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        // The second field is the name in brackets; cutime and cstime are the 16th and 17th.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_SECOND;
    }
}
