package io.driftwatch.job.profile;

import io.driftwatch.job.config.StreamConfig;
import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.decode.RecordCursor;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;

/** Reference rows in a file. */
public final class FileInput implements ReferenceInput {
    private final StreamConfig stream;
    private final Path file;
    private final long size;
    private final AtomicLong read = new AtomicLong();

    public FileInput(StreamConfig stream, Path file) throws IOException {
        this.stream = stream;
        this.file = file;
        this.size = Files.size(file);
    }

    @Override
    public StreamConfig stream() {
        return stream;
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public Set<String> columns() throws IOException {
        try (InputStream in = content()) {
            return RecordCursor.columns(in, name());
        }
    }

    @Override
    public RecordCursor open(FieldPlan plan) throws IOException {
        return RecordCursor.open(content(), name(), plan);
    }

    @Override
    public double share() {
        return size == 0 ? Double.NaN : (double) read.get() / size;
    }

    private InputStream content() throws IOException {
        read.set(0);
        InputStream counted = new Counting(Files.newInputStream(file));
        if (!name().endsWith(".gz")) {
            return new BufferedInputStream(counted, 1 << 16);
        }
        try {
            return new GZIPInputStream(counted, 1 << 16);
        } catch (IOException e) {
            counted.close();
            throw new IOException(name() + ": is not a gzip file", e);
        }
    }

    /** Counts what is read, for showing progress. */
    private final class Counting extends FilterInputStream {
        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int got = super.read(bytes, offset, length);
            count(Math.max(0, got));
            return got;
        }

        private void count(int bytes) {
            read.addAndGet(bytes);
        }
    }
}
