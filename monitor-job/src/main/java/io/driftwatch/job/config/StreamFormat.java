package io.driftwatch.job.config;

/** How the records of a stream are written. */
public enum StreamFormat {
    /** One JSON object a record (a line, in a file). */
    JSON,
    /** Avro binary of one given schema, without any header; container files in a replay. */
    AVRO,
    /** Avro single-object encoding: the schema's fingerprint stands in every record. */
    AVRO_SINGLE_OBJECT,
    /** Comma-separated values with a header line: files only. */
    CSV
}
