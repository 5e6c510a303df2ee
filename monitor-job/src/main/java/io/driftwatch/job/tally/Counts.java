package io.driftwatch.job.tally;

import io.driftwatch.detectors.profile.Tally;
import java.nio.ByteBuffer;

/**
 * The counts of a series, and from when on they are all of it. A feature that is watched since a
 * configuration has changed was not counted before: windows that begin before hold only a part of
 * their rows.
 *
 * @param tally the counts
 * @param sinceMillis windows that begin then or later are whole; {@link #ALWAYS} if all are
 */
public record Counts(Tally tally, long sinceMillis) {
    /** All windows are whole. */
    public static final long ALWAYS = Long.MIN_VALUE;

    /** Tells these bytes from those of a tally, which begin with another number. */
    private static final byte SINCE = 0x53;

    private static final int HEAD = 1 + Long.BYTES;

    /** Returns what {@code Tally.toBytes} does, with the time before it where there is one. */
    public byte[] toBytes() {
        byte[] bytes = tally.toBytes();
        return sinceMillis == ALWAYS
                ? bytes
                : ByteBuffer.allocate(HEAD + bytes.length)
                        .put(SINCE)
                        .putLong(sinceMillis)
                        .put(bytes)
                        .array();
    }

    /**
     * Reads what {@link #toBytes} wrote, or a tally.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Counts fromBytes(byte[] bytes) {
        if (bytes.length <= HEAD || bytes[0] != SINCE) {
            return new Counts(Tally.fromBytes(bytes), ALWAYS);
        }
        byte[] tally = new byte[bytes.length - HEAD];
        long since = ByteBuffer.wrap(bytes).position(1).getLong();
        System.arraycopy(bytes, HEAD, tally, 0, tally.length);
        return new Counts(Tally.fromBytes(tally), since);
    }

    /** Returns the counts of both: whole from when both are. */
    public Counts plus(Counts other) {
        return new Counts(tally.plus(other.tally), Math.max(sinceMillis, other.sinceMillis));
    }

    /** Says whether a window that begins then holds all of its rows. */
    public boolean areWhole(long windowStartMillis) {
        return windowStartMillis >= sinceMillis;
    }
}
