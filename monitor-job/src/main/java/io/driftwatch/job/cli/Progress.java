package io.driftwatch.job.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Shows how a long task comes along on standard error: rows, rows a second, time left. On a
 * terminal one line is written over and over, elsewhere a line every ten seconds.
 */
final class Progress implements AutoCloseable {
    /** Set by the launcher, which can tell. */
    private static final String TERMINAL = "driftwatch.terminal";

    private static final long TERMINAL_MILLIS = 500;
    private static final long LOG_MILLIS = 10_000;

    private final String task;
    private final LongSupplier rows;
    private final DoubleSupplier share;
    private final PrintStream out;
    private final boolean terminal;
    private final long startNanos = System.nanoTime();
    private final Thread thread;

    /**
     * @param rows rows done so far
     * @param share share of the work done, 0 to 1, or NaN if unknown
     */
    Progress(String task, LongSupplier rows, DoubleSupplier share) {
        this.task = task;
        this.rows = rows;
        this.share = share;
        this.out = System.err;
        this.terminal = Boolean.getBoolean(TERMINAL);
        this.thread = new Thread(this::show, "progress");
        thread.setDaemon(true);
        thread.start();
    }

    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private void show() {
        try {
            Object lock = new Object();
            synchronized (lock) {
                while (!Thread.currentThread().isInterrupted()) {
                    lock.wait(terminal ? TERMINAL_MILLIS : LOG_MILLIS);
                    out.print(terminal ? "\r\033[K" + line() : line() + System.lineSeparator());
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String line() {
        double seconds = seconds();
        long done = rows.getAsLong();
        double part = share.getAsDouble();
        String left =
                part > 0.01 && part < 1
                        ? String.format(
                                Locale.ROOT,
                                ", %.0f%%, about %.0f s left",
                                100 * part,
                                seconds * (1 - part) / part)
                        : "";
        return String.format(
                Locale.ROOT, "%s: %,d rows, %,.0f rows/s%s", task, done, done / seconds, left);
    }

    @Override
    public void close() {
        thread.interrupt();
        if (terminal) {
            out.print("\r\033[K");
            out.flush();
        }
    }
}
