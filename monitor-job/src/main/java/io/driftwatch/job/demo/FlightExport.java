package io.driftwatch.job.demo;

import io.driftwatch.job.config.StreamRole;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Writes the streams into files, one of JSON lines for each role. */
final class FlightExport {
    private FlightExport() {}

    /** Where a role's records lie. */
    static Path file(Path folder, StreamRole role) {
        return folder.resolve(role.key() + ".jsonl.gz");
    }

    /** Writes everything and gives the number of records. */
    static long write(Iterator<StreamRecord> records, Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<StreamRole, Writer> writers = new EnumMap<>(StreamRole.class);
        long written = 0;
        try {
            while (records.hasNext()) {
                StreamRecord each = records.next();
                Writer writer = writers.get(each.role());
                if (writer == null) {
                    writer = open(file(folder, each.role()));
                    writers.put(each.role(), writer);
                }
                writer.write(each.json());
                writer.write('\n');
                written++;
            }
        } finally {
            for (Writer writer : writers.values()) {
                writer.close();
            }
        }
        return written;
    }

    private static Writer open(Path file) throws IOException {
        return new BufferedWriter(
                new OutputStreamWriter(
                        new GZIPOutputStream(Files.newOutputStream(file), 1 << 16),
                        StandardCharsets.UTF_8),
                1 << 16);
    }
}
