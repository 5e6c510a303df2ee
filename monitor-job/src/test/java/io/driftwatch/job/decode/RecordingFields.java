package io.driftwatch.job.decode;

import java.time.Instant;
import java.util.TreeMap;

/** Writes down what a decoder reports, by field. */
final class RecordingFields implements FieldReceiver {
    final TreeMap<Integer, String> seen = new TreeMap<>();

    @Override
    public void number(int field, double value) {
        seen.put(field, "number " + value);
    }

    @Override
    public void integer(int field, long value) {
        seen.put(field, "integer " + value);
    }

    @Override
    public void text(int field, String value) {
        seen.put(field, "text " + value);
    }

    @Override
    public void untyped(int field, String value) {
        seen.put(field, "untyped " + value);
    }

    @Override
    public void truth(int field, boolean value) {
        seen.put(field, "truth " + value);
    }

    @Override
    public void instant(int field, long millis) {
        seen.put(field, "instant " + Instant.ofEpochMilli(millis));
    }

    @Override
    public void nothing(int field) {
        seen.put(field, "nothing");
    }

    @Override
    public void other(int field, String kind) {
        seen.put(field, "other " + kind);
    }
}
