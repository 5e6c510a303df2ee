package io.driftwatch.benchmarks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run of a job cost.
 *
 * @param records records read while it was measured
 * @param nanos time it took
 * @param cpuNanos CPU time of the whole process meanwhile
 * @param allocatedBytes what the threads of the process allocated meanwhile
 */
record Measured(long records, long nanos, long cpuNanos, long allocatedBytes) {
    static final Measured NOTHING = new Measured(0, 0, 0, 0);

    private static final Pattern LINE = Pattern.compile("measured (\\d+) (\\d+) (\\d+) (\\d+)");

    /** As a line that {@link #parse} understands. */
    String toLine() {
        return "measured " + records + " " + nanos + " " + cpuNanos + " " + allocatedBytes;
    }

    static Measured parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not what a measured run prints: " + line);
        }
        return new Measured(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                Long.parseLong(matcher.group(4)));
    }

    Measured plus(Measured other) {
        return new Measured(
                records + other.records,
                nanos + other.nanos,
                cpuNanos + other.cpuNanos,
                allocatedBytes + other.allocatedBytes);
    }

    double seconds() {
        return nanos / 1e9;
    }

    double recordsPerSecond() {
        return records * 1e9 / nanos;
    }

    double cpuMicrosPerRecord() {
        return cpuNanos / 1e3 / records;
    }

    double bytesPerRecord() {
        return (double) allocatedBytes / records;
    }
}
