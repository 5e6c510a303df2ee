package io.driftwatch.job.sink;

import io.driftwatch.schemas.json.AvroJson;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Writes records to one file on the machine that runs the job, one JSON object a line. For bounded
 * runs in one process, at parallelism 1: such a run has no checkpoints and begins anew when it
 * fails.
 */
public final class JsonLinesSink<T extends SpecificRecord> implements Sink<T> {
    private static final long serialVersionUID = 1L;

    private final String file;

    public JsonLinesSink(Path file) {
        this.file = file.toString();
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
        Writer out = Files.newBufferedWriter(Path.of(file));
        return new SinkWriter<>() {
            @Override
            public void write(T record, Context element) throws IOException {
                out.write(AvroJson.toJson(record));
                out.write('\n');
            }

            @Override
            public void flush(boolean endOfInput) throws IOException {
                out.flush();
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }
}
