package io.driftwatch.job.decode;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads Avro's binary encoding (specification 1.12, "Binary encoding") from an array, from the
 * front to the back. Every read checks that its bytes are there; lengths are checked before
 * anything is made of them.
 *
 * <p>Avro's own {@code BinaryDecoder} reads from streams too, and pays for it with every record: it
 * is attached to the array and checks a buffer that may end anywhere. Reading twenty numbers took
 * 2.6 times as long with it. Used again for record after record; not for several threads.
 */
final class AvroBytes {
    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** Items without bytes, such as nulls: more than these in one block are taken for damage. */
    private static final int MOST_EMPTY_ITEMS = 1 << 16;

    private byte[] bytes = {};
    private int position;
    private int end;

    /** Begins with a record. */
    void wrap(byte[] array, int from, int to) {
        bytes = array;
        position = from;
        end = to;
    }

    boolean isAtEnd() {
        return position == end;
    }

    int position() {
        return position;
    }

    void skip(long count) throws IOException {
        require(count);
        position += (int) count;
    }

    private void require(long count) throws IOException {
        if (count < 0) {
            throw new IOException("a length of " + count);
        }
        if (count > end - position) {
            throw new EOFException((count - (end - position)) + " bytes are missing at its end");
        }
    }

    double readDouble() throws IOException {
        require(Double.BYTES);
        double value = (double) DOUBLE.get(bytes, position);
        position += Double.BYTES;
        return value;
    }

    float readFloat() throws IOException {
        require(Float.BYTES);
        float value = Float.intBitsToFloat((int) INT.get(bytes, position));
        position += Float.BYTES;
        return value;
    }

    boolean readBoolean() throws IOException {
        require(1);
        return bytes[position++] == 1;
    }

    int readInt() throws IOException {
        long value = readLong();
        if (value != (int) value) {
            throw new IOException("an int of " + value);
        }
        return (int) value;
    }

    long readLong() throws IOException {
        long bits = 0;
        int shift = 0;
        long next;
        do {
            if (position == end) {
                throw new EOFException("a number is cut at its end");
            }
            if (shift > 63) {
                throw new IOException("a number of more than ten bytes");
            }
            next = bytes[position++];
            bits |= (next & 0x7F) << shift;
            shift += 7;
        } while (next < 0);
        return (bits >>> 1) ^ -(bits & 1);
    }

    /** The bytes of a value of type {@code bytes} or {@code string}, after its length. */
    byte[] readBytes() throws IOException {
        return readFixed(readLong());
    }

    byte[] readFixed(long length) throws IOException {
        require(length);
        byte[] copy = Arrays.copyOfRange(bytes, position, position + (int) length);
        position += (int) length;
        return copy;
    }

    /**
     * @param known the strings that came before
     */
    String readString(KnownStrings known) throws IOException {
        long length = readLong();
        require(length);
        String text = known.of(bytes, position, (int) length);
        position += (int) length;
        return text;
    }

    /**
     * Begins the next block of an array or a map.
     *
     * @return how many items it holds; 0 after the last block
     */
    long readBlock() throws IOException {
        long count = readLong();
        if (count < 0) {
            count = -count;
            readLong(); // The size in bytes, which only skipping needs.
        }
        return checkedCount(count);
    }

    /**
     * Skips whole blocks as long as their size in bytes is written before them.
     *
     * @return how many items the next block holds whose size is not; 0 after the last block
     */
    long skipBlocks() throws IOException {
        long count;
        while ((count = readLong()) < 0) {
            skip(readLong());
        }
        return checkedCount(count);
    }

    private long checkedCount(long count) throws IOException {
        // A damaged count must not keep a job counting nothings for years.
        if (count < 0 || count > Math.max(MOST_EMPTY_ITEMS, end - position)) {
            throw new IOException("a block of " + count + " items");
        }
        return count;
    }
}
