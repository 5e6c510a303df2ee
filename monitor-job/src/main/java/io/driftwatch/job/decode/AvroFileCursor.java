package io.driftwatch.job.decode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** An Avro container file. Its own schema is the writer's. */
final class AvroFileCursor implements RecordCursor {
    private final String fileName;
    private final DataFileStream<GenericRecord> stream;
    private final GenericDatumWriter<GenericRecord> writer;
    private final AvroRecordDecoder decoder;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    private BinaryEncoder encoder;
    private byte[] bytes;

    AvroFileCursor(InputStream in, String fileName, FieldPlan plan) throws IOException {
        this.fileName = fileName;
        stream = stream(in, fileName);
        writer = new GenericDatumWriter<>(stream.getSchema());
        decoder = AvroRecordDecoder.plain(stream.getSchema().toString(), plan);
    }

    private static DataFileStream<GenericRecord> stream(InputStream in, String fileName)
            throws IOException {
        try {
            return new DataFileStream<>(in, new GenericDatumReader<>());
        } catch (IOException e) {
            throw new IOException(fileName + ": is not an Avro container file", e);
        }
    }

    static Set<String> columns(InputStream in, String fileName) throws IOException {
        try (DataFileStream<GenericRecord> stream = stream(in, fileName)) {
            return AvroColumns.of(stream.getSchema());
        }
    }

    @Override
    public boolean next() throws IOException {
        try {
            if (!stream.hasNext()) {
                return false;
            }
            // The block's bytes hold many records; writing one again gives it by itself.
            buffer.reset();
            encoder = EncoderFactory.get().directBinaryEncoder(buffer, encoder);
            writer.write(stream.next(), encoder);
            bytes = buffer.toByteArray();
            return true;
        } catch (RuntimeException e) {
            throw new IOException(fileName + ": the file is damaged: " + e.getMessage(), e);
        }
    }

    @Override
    public void fields(FieldReceiver out) throws Rejection {
        decoder.decode(bytes, out);
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
