package io.driftwatch.job.decode;

/**
 * One record, decoded: what the tally needs of it and where it came from. Absent values are NaN or
 * null. Arrays are in the order of the stream's {@link FieldPlan}.
 *
 * @param eventTimeMillis when it happened, milliseconds since 1970-01-01T00:00:00Z
 * @param version version of the model
 * @param recordId identifier of the prediction, or null
 * @param numbers numeric features; NaN is missing, infinities stay
 * @param categories categorical features; null is missing
 * @param segments values of the segment columns; null is missing
 * @param topic topic or file
 * @param partition partition, 0 for files
 * @param offset offset, or row number from 0
 * @param layout what {@link FieldPlan#layout()} says of the plan by which it was decoded, which may
 *     change while a job runs
 */
public record Observation(
        long eventTimeMillis,
        String version,
        String recordId,
        double[] numbers,
        String[] categories,
        String[] segments,
        String topic,
        int partition,
        long offset,
        long layout) {}
