package io.driftwatch.job.demo;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Reads the sample of flights, which is sorted by scheduled departure. */
final class FlightFile {
    private FlightFile() {}

    static List<Flight> read(Path file) throws IOException {
        List<Flight> flights = new ArrayList<>(300_000);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file), 1 << 16);
                CsvReader<NamedCsvRecord> rows =
                        CsvReader.builder()
                                .ofNamedCsvRecord(
                                        new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (NamedCsvRecord row : rows) {
                flights.add(flight(flights.size() + 1, row));
            }
        }
        return flights;
    }

    private static Flight flight(int number, NamedCsvRecord row) {
        return new Flight(
                number,
                OffsetDateTime.parse(row.getField("scheduled")).toInstant().toEpochMilli(),
                Double.parseDouble(row.getField("delay_minutes")),
                Double.parseDouble(row.getField("distance_miles")),
                row.getField("origin").intern(),
                row.getField("destination").intern());
    }
}
