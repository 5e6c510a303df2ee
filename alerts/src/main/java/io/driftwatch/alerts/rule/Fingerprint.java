package io.driftwatch.alerts.rule;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The identity of an alert: FNV-1a, 64 bits, over its labels sorted by name, each as name, byte
 * 0xFF, value, byte 0xFF in UTF-8, written as 16 hexadecimal digits. It is what Prometheus and
 * Alertmanager compute for the same labels.
 */
public final class Fingerprint {
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final int SEPARATOR = 0xFF;

    private Fingerprint() {}

    /** Returns the fingerprint of labels, whose order does not matter; no name or value is null. */
    public static String of(Map<String, String> labels) {
        long hash = OFFSET_BASIS;
        for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
            hash = separate(hash(hash, label.getKey()));
            hash = separate(hash(hash, label.getValue()));
        }
        return String.format("%016x", hash);
    }

    /** Returns the same hash of one text. */
    public static String of(String text) {
        return String.format("%016x", hash(OFFSET_BASIS, text));
    }

    private static long hash(long start, String text) {
        long hash = start;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * PRIME;
        }
        return hash;
    }

    private static long separate(long hash) {
        return (hash ^ SEPARATOR) * PRIME;
    }
}
