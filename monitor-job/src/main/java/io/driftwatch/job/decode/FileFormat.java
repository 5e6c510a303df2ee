package io.driftwatch.job.decode;

import java.util.Locale;

/** How a file of records is written, told by its name; {@code .gz} may follow. */
public enum FileFormat {
    /** Comma-separated values with a header line. */
    CSV,
    /** One JSON object a line. */
    JSON_LINES,
    /** Avro container file. */
    AVRO;

    /**
     * The format of a file.
     *
     * @throws IllegalArgumentException if the name does not tell
     */
    public static FileFormat of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        String plain = fileName.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        if (plain.endsWith(".csv")) {
            return CSV;
        }
        if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson") || plain.endsWith(".json")) {
            return JSON_LINES;
        }
        if (plain.endsWith(".avro")) {
            return AVRO;
        }
        throw new IllegalArgumentException(
                fileName
                        + ": cannot tell the format; name it .csv, .jsonl or .avro"
                        + " (.csv.gz and .jsonl.gz too)");
    }
}
