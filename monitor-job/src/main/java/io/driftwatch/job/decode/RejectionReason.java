package io.driftwatch.job.decode;

import java.util.Locale;

/**
 * Why a record was not tallied. The lower-case name is the metric's label and stands in the dead
 * letter.
 */
public enum RejectionReason {
    /** The record has no value: a null, or no bytes. */
    EMPTY_PAYLOAD,
    /** The bytes do not follow the stream's format. */
    MALFORMED,
    /** The record names an Avro schema that the stream's configuration does not list. */
    UNKNOWN_SCHEMA,
    /** A watched field holds another kind of value than its feature's type. */
    WRONG_TYPE,
    /** The event-time field is absent or null. */
    MISSING_EVENT_TIME,
    /** The event-time field cannot be read as a time. */
    UNREADABLE_EVENT_TIME,
    /** The event time is too long ago or too far ahead to be believed. */
    IMPLAUSIBLE_EVENT_TIME,
    /** It was decoded by a configuration that the operator behind the decoder does not know. */
    UNKNOWN_CONFIGURATION,
    /** Every window that the record belongs to is closed for good. */
    LATE;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
