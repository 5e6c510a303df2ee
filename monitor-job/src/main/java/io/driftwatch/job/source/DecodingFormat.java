package io.driftwatch.job.source;

import io.driftwatch.job.decode.Decoded;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.ObservationDecoder;
import io.driftwatch.job.decode.RecordCursor;
import java.io.IOException;
import java.time.InstantSource;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.reader.SimpleStreamFormat;
import org.apache.flink.core.fs.FSDataInputStream;

/** Decodes the records of a file as they are read. Flink has uncompressed it before. */
final class DecodingFormat extends SimpleStreamFormat<Decoded> {
    private static final long serialVersionUID = 1L;

    private final String model;
    private final FieldPlan plan;
    private final String fileName;

    DecodingFormat(String model, FieldPlan plan, String fileName) {
        this.model = model;
        this.plan = plan;
        this.fileName = fileName;
    }

    @Override
    public Reader<Decoded> createReader(Configuration config, FSDataInputStream stream)
            throws IOException {
        RecordCursor records = RecordCursor.open(stream, fileName, plan);
        ObservationDecoder decoder = new ObservationDecoder(model, plan, InstantSource.system());
        return new Reader<>() {
            private long row;

            @Override
            public Decoded read() throws IOException {
                return records.next() ? decoder.decode(records, fileName, row++) : null;
            }

            @Override
            public void close() throws IOException {
                records.close();
            }
        };
    }

    @Override
    public TypeInformation<Decoded> getProducedType() {
        return TypeInformation.of(Decoded.class);
    }
}
