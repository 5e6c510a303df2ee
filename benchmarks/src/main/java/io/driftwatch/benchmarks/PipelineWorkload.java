package io.driftwatch.benchmarks;

import io.driftwatch.job.config.StreamFormat;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the pipeline is measured with. A topic takes less than 7 GB, so that it stays in memory. */
enum PipelineWorkload {
    AVRO_20("20 numeric, Avro", Workload.Shape.NUMERIC_20, StreamFormat.AVRO, 30_000_000, 0.85),
    AVRO_200("200 numeric, Avro", Workload.Shape.NUMERIC_200, StreamFormat.AVRO, 3_500_000, 0.85),
    JSON_20("20 numeric, JSON", Workload.Shape.NUMERIC_20, StreamFormat.JSON, 10_000_000, 0.85),
    CATEGORICAL_10(
            "10 categorical, Avro",
            Workload.Shape.CATEGORICAL_10,
            StreamFormat.AVRO,
            30_000_000,
            0.75);

    private static final int SMOKE_SHARE = 40;

    private final String title;
    private final Workload.Shape shape;
    private final StreamFormat format;
    private final long records;
    private final double aim;

    PipelineWorkload(
            String title, Workload.Shape shape, StreamFormat format, long records, double aim) {
        this.title = title;
        this.shape = shape;
        this.format = format;
        this.records = records;
        this.aim = aim;
    }

    /** The workload of this name, as the command line spells it. */
    static PipelineWorkload named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new picocli.CommandLine.TypeConversionException(
                                        "there is no workload '"
                                                + name
                                                + "'; use one of "
                                                + Arrays.stream(values())
                                                        .map(PipelineWorkload::toString)
                                                        .collect(Collectors.joining(", "))));
    }

    /** How tables call it. */
    String title() {
        return title;
    }

    Workload.Shape shape() {
        return shape;
    }

    StreamFormat format() {
        return format;
    }

    /** Records in the topic: enough for some seconds of reading. */
    long records(boolean smoke) {
        return smoke ? records / SMOKE_SHARE : records;
    }

    /** The job's rate over that of a source-only job, at least. */
    double aim() {
        return aim;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
