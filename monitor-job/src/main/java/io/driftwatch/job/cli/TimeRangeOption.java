package io.driftwatch.job.cli;

import io.driftwatch.job.source.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that leave rows out by their event time. */
final class TimeRangeOption {
    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "leave out rows before this event time (2001-02-01 or 2001-02-01T12:00Z)")
    Instant from;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "leave out rows at or after this event time")
    Instant until;

    TimeRange range() {
        return new TimeRange(from, until);
    }

    /** Reads a date or a time in UTC. */
    static final class TimeConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return text.length() == 10
                        ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                        : java.time.OffsetDateTime.parse(text).toInstant();
            } catch (java.time.DateTimeException e) {
                throw new TypeConversionException(
                        "'" + text + "' is not a time; use 2001-02-01 or 2001-02-01T12:00Z");
            }
        }
    }
}
