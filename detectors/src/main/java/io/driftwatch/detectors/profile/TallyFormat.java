package io.driftwatch.detectors.profile;

import java.util.Arrays;

/**
 * The bytes of a tally: version 1, then variable-length integers of seven bits a byte, lowest
 * first.
 *
 * <pre>
 *   byte     version
 *   varint   2 * number of cells, plus 1 if sums follow
 *   varint   for each cell: distance from the one before (from -1 at first), less 1
 *   varint   for each cell: count
 *   varint   missing
 *   varint   infinite
 *   2 * 8    sum and sum of squares as big-endian doubles, if they follow
 * </pre>
 */
final class TallyFormat {
    private static final byte VERSION = 1;
    private static final int MAX_VARINT_BYTES = 9; // 63 bits: nothing here is negative

    private final byte[] bytes;
    private int position;

    private TallyFormat(byte[] bytes) {
        this.bytes = bytes;
    }

    static byte[] write(Tally tally) {
        int capacity = 1 + MAX_VARINT_BYTES * (2 * tally.size() + 3) + 2 * Double.BYTES;
        TallyFormat format = new TallyFormat(new byte[capacity]);
        format.bytes[format.position++] = VERSION;
        boolean sums =
                Double.doubleToLongBits(tally.sum()) != 0
                        || Double.doubleToLongBits(tally.sumOfSquares()) != 0;
        format.writeVarint(2L * tally.size() + (sums ? 1 : 0));
        int previous = -1;
        for (int i = 0; i < tally.size(); i++) {
            format.writeVarint(tally.cell(i) - previous - 1);
            previous = tally.cell(i);
        }
        for (int i = 0; i < tally.size(); i++) {
            format.writeVarint(tally.count(i));
        }
        format.writeVarint(tally.missing());
        format.writeVarint(tally.infinite());
        if (sums) {
            format.writeDouble(tally.sum());
            format.writeDouble(tally.sumOfSquares());
        }
        return Arrays.copyOf(format.bytes, format.position);
    }

    static Tally read(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != VERSION) {
            throw new IllegalArgumentException(
                    bytes.length == 0
                            ? "Not a tally: no bytes"
                            : "Not a tally of version " + VERSION + ": first byte " + bytes[0]);
        }
        TallyFormat format = new TallyFormat(bytes);
        format.position = 1;
        long header = format.readVarint();
        long size = header >>> 1;
        // Each cell takes two bytes at least; checked before anything of that size is allocated.
        if (size > bytes.length / 2) {
            throw new IllegalArgumentException(
                    "Corrupt tally: " + size + " cells in " + bytes.length + " bytes");
        }
        int[] cells = new int[(int) size];
        long previous = -1;
        for (int i = 0; i < cells.length; i++) {
            long distance = format.readVarint();
            if (distance >= Integer.MAX_VALUE - previous) {
                throw new IllegalArgumentException(
                        "Corrupt tally: cell " + i + " is beyond " + Integer.MAX_VALUE);
            }
            previous += distance + 1;
            cells[i] = (int) previous;
        }
        long[] counts = new long[cells.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = format.readVarint();
        }
        long missing = format.readVarint();
        long infinite = format.readVarint();
        boolean sums = (header & 1) == 1;
        double sum = sums ? format.readDouble() : 0;
        double sumOfSquares = sums ? format.readDouble() : 0;
        if (format.position != bytes.length) {
            throw new IllegalArgumentException(
                    "Corrupt tally: "
                            + (bytes.length - format.position)
                            + " bytes too many after byte "
                            + format.position);
        }
        try {
            return Tally.trimmed(cells, counts, cells.length, missing, infinite, sum, sumOfSquares);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Corrupt tally: " + e.getMessage(), e);
        }
    }

    private void writeVarint(long value) {
        long rest = value;
        while (rest >= 0x80) {
            bytes[position++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[position++] = (byte) rest;
    }

    private long readVarint() {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            byte next = readByte();
            value |= (next & 0x7FL) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                "Corrupt tally: the number before byte " + position + " does not end");
    }

    private void writeDouble(double value) {
        long bits = Double.doubleToLongBits(value);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[position++] = (byte) (bits >>> shift);
        }
    }

    private double readDouble() {
        long bits = 0;
        for (int i = 0; i < Double.BYTES; i++) {
            bits = bits << 8 | (readByte() & 0xFF);
        }
        return Double.longBitsToDouble(bits);
    }

    private byte readByte() {
        if (position == bytes.length) {
            throw new IllegalArgumentException(
                    "Corrupt tally: cut short after " + bytes.length + " bytes");
        }
        return bytes[position++];
    }
}
