package io.driftwatch.job.decode;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits CSV (RFC 4180, UTF-8) into rows and cells. They stay where they stand in the buffer: a
 * cell becomes a string only for those who ask.
 *
 * <p>Lines end with LF, CR or both, and empty ones are passed over. Only as a cell's first byte
 * does a quote open it; what stands between the closing quote and the next comma belongs to the
 * cell too. A quote that is never closed takes in all the rest. Not for several threads.
 */
final class CsvRows implements Closeable {
    /** Bytes behind the last cell that may be read, though they say nothing. */
    static final int PADDING = 8;

    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_ROW = 16 << 20;

    private final InputStream in;
    private byte[] text;

    /** How much of the buffer is text. Behind it stands a line break, which ends every loop. */
    private int size;

    private boolean ended;

    /** Where the next row begins, and in which line of the text. */
    private int next;

    private long nextLine = 1;

    private long line;
    private int cells;
    private int[] starts = new int[32];
    private int[] ends = new int[32];

    CsvRows(InputStream in) {
        this(in, BUFFER);
    }

    CsvRows(InputStream in, int bufferSize) {
        this.in = in;
        text = new byte[bufferSize + PADDING];
        text[0] = '\n';
    }

    /**
     * Goes to the next row; false at the end.
     *
     * @throws IOException if the text cannot be read or a row does not end
     */
    boolean next() throws IOException {
        while (has(0) && isBreak(text[next])) {
            boolean both = text[next] == '\r' && has(1) && text[next + 1] == '\n';
            next += both ? 2 : 1;
            nextLine++;
        }
        if (next == size) {
            return false;
        }
        while (!split()) {
            fill();
        }
        return true;
    }

    /** The line in which the row begins, from 1. */
    long line() {
        return line;
    }

    /** How many cells the row has. */
    int size() {
        return cells;
    }

    /** The bytes among which the cells of this row stand, quotes and all, until the next row. */
    byte[] text() {
        return text;
    }

    int start(int cell) {
        return starts[cell];
    }

    int end(int cell) {
        return ends[cell];
    }

    /** What a cell says. */
    String cell(int cell) {
        int from = starts[cell];
        int to = ends[cell];
        return from < to && text[from] == '"'
                ? unquoted(from + 1, to)
                : new String(text, from, to - from, StandardCharsets.UTF_8);
    }

    /** What the cells of the row say. */
    List<String> all() {
        List<String> all = new ArrayList<>(cells);
        for (int cell = 0; cell < cells; cell++) {
            all.add(cell(cell));
        }
        return all;
    }

    /** Finds the cells of the row; false if it has not been read to its end yet. */
    private boolean split() {
        int count = 0;
        int at = next;
        boolean quotes = false;
        while (true) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, 2 * count);
                ends = Arrays.copyOf(ends, 2 * count);
            }
            starts[count] = at;
            if (text[at] == '"') {
                quotes = true;
                at = closingQuote(at + 1);
            }
            at = cellEnd(at);
            ends[count] = at;
            count++;
            if (text[at] != ',') {
                break;
            }
            at++;
        }
        // A CR that is the last byte so far may be followed by its LF.
        if (at + 1 >= size && !ended) {
            return false;
        }
        cells = count;
        line = nextLine;
        nextLine += quotes ? breaks(next, at) + 1 : 1;
        next = Math.min(size, text[at] == '\r' && text[at + 1] == '\n' ? at + 2 : at + 1);
        return true;
    }

    /** The comma or line break at the end of a cell; the end of the text is one. */
    private int cellEnd(int at) {
        int i = at;
        byte c = text[i];
        // All that numbers are made of lies above the comma.
        while (c > ',' || (c != ',' && c != '\n' && c != '\r')) {
            i++;
            c = text[i];
        }
        return i;
    }

    /** Behind the quote that closes a cell; the end of the text if none does. */
    private int closingQuote(int at) {
        int i = at;
        while (i < size) {
            if (text[i] == '"') {
                if (text[i + 1] != '"') {
                    return i + 1;
                }
                i++;
            }
            i++;
        }
        return size;
    }

    private int breaks(int from, int to) {
        int breaks = 0;
        for (int i = from; i < to; i++) {
            if (isBreak(text[i]) && !(text[i] == '\r' && text[i + 1] == '\n')) {
                breaks++;
            }
        }
        return breaks;
    }

    private static boolean isBreak(byte c) {
        return c == '\n' || c == '\r';
    }

    private String unquoted(int from, int to) {
        byte[] plain = new byte[to - from];
        int length = 0;
        boolean open = true;
        for (int i = from; i < to; i++) {
            if (open && text[i] == '"') {
                i++;
                open = i < to && text[i] == '"';
            }
            if (i < to) {
                plain[length] = text[i];
                length++;
            }
        }
        return new String(plain, 0, length, StandardCharsets.UTF_8);
    }

    private boolean has(int more) throws IOException {
        while (next + more >= size && !ended) {
            fill();
        }
        return next + more < size;
    }

    /** Reads on, behind what is left of the buffer. */
    private void fill() throws IOException {
        if (next > 0) {
            System.arraycopy(text, next, text, 0, size - next);
            size -= next;
            next = 0;
        } else if (size == text.length - PADDING) {
            if (size >= LONGEST_ROW) {
                throw new IOException(
                        "the row that begins in line "
                                + nextLine
                                + " does not end within "
                                + (LONGEST_ROW >> 20)
                                + " MiB; is there a quote that nothing closes?");
            }
            text = Arrays.copyOf(text, 2 * size + PADDING);
        }
        int read = in.read(text, size, text.length - PADDING - size);
        ended = read < 0;
        size += Math.max(0, read);
        text[size] = '\n';
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
