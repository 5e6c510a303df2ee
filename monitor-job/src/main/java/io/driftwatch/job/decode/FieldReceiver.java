package io.driftwatch.job.decode;

/**
 * Takes the wanted fields of one record, in the order in which they stand in it. Fields are
 * numbered as in {@link FieldPlan#paths()}; a field that the record lacks is never reported.
 */
public interface FieldReceiver {
    void number(int field, double value) throws Rejection;

    void integer(int field, long value) throws Rejection;

    /** A string in a format that tells strings from numbers. */
    void text(int field, String value) throws Rejection;

    /** A cell of a format that does not: empty is missing, and a number may be meant. */
    void untyped(int field, String value) throws Rejection;

    void truth(int field, boolean value) throws Rejection;

    /** A time that the format itself marks as one, in milliseconds since 1970-01-01T00:00:00Z. */
    void instant(int field, long millis) throws Rejection;

    /** An explicit null. */
    void nothing(int field) throws Rejection;

    /** Something that is no single value, such as an object or raw bytes. */
    void other(int field, String kind) throws Rejection;
}
