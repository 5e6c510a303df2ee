package io.driftwatch.job.decode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/**
 * An Avro container file. Its own schema is the writer's. Records are read where they stand in
 * their uncompressed block: where one ends is known once it was read or skipped.
 */
final class AvroFileCursor implements RecordCursor {
    private static final int UNKNOWN = -1;

    private final String fileName;
    private final DataFileStream<GenericRecord> stream;
    private final AvroPlan plan;
    private final AvroSkip skip;
    private final AvroBytes in = new AvroBytes();
    private byte[] block = {};
    private int blockEnd;
    private long left;
    private int start;
    private int end;

    AvroFileCursor(InputStream in, String fileName, FieldPlan plan) throws IOException {
        this.fileName = fileName;
        stream = stream(in, fileName);
        Schema schema = stream.getSchema();
        this.plan = AvroPlan.compile(schema, PathTree.of(plan.paths()));
        skip = AvroSkip.compile(schema);
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
            if (end == UNKNOWN) {
                end = endOfRecord();
            }
            while (left == 0) {
                if (end != blockEnd) {
                    throw new IOException("a block holds more than its records");
                }
                if (!stream.hasNext()) {
                    return false;
                }
                left = stream.getBlockCount();
                take(stream.nextBlock());
            }
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new IOException(fileName + ": the file is damaged: " + e.getMessage(), e);
        }
        left--;
        start = end;
        end = UNKNOWN;
        return true;
    }

    private void take(ByteBuffer bytes) {
        block = bytes.array();
        end = bytes.arrayOffset() + bytes.position();
        blockEnd = bytes.arrayOffset() + bytes.limit();
    }

    private int endOfRecord() throws IOException {
        in.wrap(block, start, blockEnd);
        skip.skip(in);
        return in.position();
    }

    @Override
    public void fields(FieldReceiver out) throws Rejection {
        in.wrap(block, start, blockEnd);
        try {
            plan.read(in, out);
            end = in.position();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw AvroRecordDecoder.malformed(e);
        }
    }

    @Override
    public byte[] bytes() {
        try {
            return Arrays.copyOfRange(block, start, end == UNKNOWN ? endOfRecord() : end);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // Nobody knows where a damaged record ends: all that is left of its block.
            return Arrays.copyOfRange(block, start, blockEnd);
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
