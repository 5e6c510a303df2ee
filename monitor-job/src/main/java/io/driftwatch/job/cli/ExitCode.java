package io.driftwatch.job.cli;

/** What the process returns. */
public final class ExitCode {
    public static final int FINE = 0;

    /** The input is wrong: configuration, data, or something that cannot be reached. */
    public static final int INPUT = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    /** Nothing is wrong but something looks odd, and {@code --lint-fatal} was given. */
    public static final int LINT = 3;

    private ExitCode() {}
}
