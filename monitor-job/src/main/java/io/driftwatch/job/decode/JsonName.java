package io.driftwatch.job.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A string as it stands in JSON, closing quote included, to be compared with bytes of a record
 * eight at a time. The quote makes equal bytes an equal string, not a mere beginning of one.
 */
final class JsonName {
    /** Eight bytes of an array as one number, the first in the lowest bits. */
    static final VarHandle WORDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] words;
    private final long lastMask;
    private final int size;

    /** The bytes from {@code from} up to {@code to}, with seven more after them in the array. */
    JsonName(byte[] text, int from, int to) {
        size = to - from;
        words = new long[(size + 7) >>> 3];
        lastMask = lastMask(size);
        for (int i = 0; i < words.length; i++) {
            words[i] = (long) WORDS.get(text, from + 8 * i);
        }
        words[words.length - 1] &= lastMask;
    }

    /** Number of bytes, closing quote included. */
    int size() {
        return size;
    }

    /**
     * Whether the text holds these bytes at a place. Never reads more than seven bytes behind the
     * first zero of the text: it goes on only from eight equal bytes, and no string has zeros.
     */
    boolean isAt(byte[] text, int at) {
        int last = words.length - 1;
        for (int i = 0; i < last; i++) {
            if ((long) WORDS.get(text, at + 8 * i) != words[i]) {
                return false;
            }
        }
        return ((long) WORDS.get(text, at + 8 * last) & lastMask) == words[last];
    }

    /** A hash of bytes, equal for equal bytes. */
    static int hash(byte[] text, int from, int to) {
        long hash = 0;
        int at = from;
        for (; at + 8 < to; at += 8) {
            hash = (hash ^ (long) WORDS.get(text, at)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        hash = (hash ^ ((long) WORDS.get(text, at) & lastMask(to - from))) * 0x9E3779B97F4A7C15L;
        return (int) (hash >>> 32);
    }

    /** Ones where the last of the words of so many bytes has bytes. */
    private static long lastMask(int size) {
        return -1L >>> (-size << 3);
    }
}
