package io.driftwatch.job.decode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A file with one JSON object a line, in UTF-8; blank lines are passed over. */
final class JsonLineCursor implements RecordCursor {
    private final String fileName;
    private final BufferedReader reader;
    private final JsonRecordDecoder decoder;
    private byte[] line;

    JsonLineCursor(InputStream in, String fileName, FieldPlan plan) {
        this.fileName = fileName;
        reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        decoder = new JsonRecordDecoder(plan);
    }

    @Override
    public boolean next() throws IOException {
        String text = readLine();
        while (text != null && text.isBlank()) {
            text = readLine();
        }
        line = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        return line != null;
    }

    private String readLine() throws IOException {
        try {
            return reader.readLine();
        } catch (IOException e) {
            throw new IOException(fileName + ": cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void fields(FieldReceiver out) throws Rejection {
        decoder.decode(line, out);
    }

    @Override
    public byte[] bytes() {
        return line;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
