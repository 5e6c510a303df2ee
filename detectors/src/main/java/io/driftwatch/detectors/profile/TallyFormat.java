package io.driftwatch.detectors.profile;

import java.util.Arrays;

/**
 * The bytes of a tally: a version, then variable-length integers of seven bits a byte, lowest
 * first.
 *
 * <pre>
 *   byte     version: 1
 *   varint   2 * number of cells, plus 1 if sums follow
 *   varint   for each cell: distance from the one before (from -1 at first), less 1
 *   varint   for each cell: count
 *   varint   missing
 *   varint   infinite
 *   2 * 8    sum and sum of squares as big-endian doubles, if they follow
 * </pre>
 *
 * Version 2 is for what version 1 cannot hold, or not as briefly:
 *
 * <pre>
 *   byte     version: 2
 *   varint   8 * number of cells, plus 1 if sums follow, plus 2 if sums of cells follow, plus 4 if
 *            counts are in two parts
 *   varint   distances, as above
 *   varint   for each cell: count; or, in two parts, count / 256 and then a byte for the rest
 *   varint   missing
 *   varint   infinite
 *   2 * 8    sum and sum of squares, if they follow
 *   8        for each cell: its sum as a big-endian double, if they follow
 * </pre>
 *
 * A window of up to a million rows over up to 65,000 cells takes at most 64 bytes and 4 for each
 * non-empty cell, and with sums of cells 8 more for each. A cell takes 5 bytes only if its distance
 * is 128 or more and its count takes three bytes. In two parts that needs a count of 32,768, which
 * at most 30 cells can have; three-byte distances are no more than 4; everything else takes less
 * than 30 bytes.
 */
final class TallyFormat {
    private static final byte PLAIN = 1;
    private static final byte EXTENDED = 2;

    /** Flags of the extended version, below the number of cells. */
    private static final int SUMS = 1;

    private static final int CELL_SUMS = 2;
    private static final int TWO_PARTS = 4;
    private static final int FLAGS = 8;

    private static final int PART_BITS = 8;
    private static final int MAX_VARINT_BYTES = 9; // 63 bits: nothing here is negative

    private final byte[] bytes;
    private int position;

    private TallyFormat(byte[] bytes) {
        this.bytes = bytes;
    }

    static byte[] write(Tally tally) {
        boolean sums =
                Double.doubleToLongBits(tally.sum()) != 0
                        || Double.doubleToLongBits(tally.sumOfSquares()) != 0;
        boolean cellSums = tally.size() > 0 && tally.hasCellSums();
        boolean twoParts = isShorterInTwoParts(tally);
        int perCell = 2 * MAX_VARINT_BYTES + 1 + (cellSums ? Double.BYTES : 0);
        int capacity = 1 + perCell * tally.size() + 3 * MAX_VARINT_BYTES + 2 * Double.BYTES;
        TallyFormat format = new TallyFormat(new byte[capacity]);
        if (cellSums || twoParts) {
            format.bytes[format.position++] = EXTENDED;
            format.writeVarint(
                    (long) FLAGS * tally.size()
                            + (sums ? SUMS : 0)
                            + (cellSums ? CELL_SUMS : 0)
                            + (twoParts ? TWO_PARTS : 0));
        } else {
            format.bytes[format.position++] = PLAIN;
            format.writeVarint(2L * tally.size() + (sums ? 1 : 0));
        }
        format.writeCells(tally);
        format.writeCounts(tally, twoParts);
        format.writeVarint(tally.missing());
        format.writeVarint(tally.infinite());
        if (sums) {
            format.writeDouble(tally.sum());
            format.writeDouble(tally.sumOfSquares());
        }
        for (int i = 0; cellSums && i < tally.size(); i++) {
            format.writeDouble(tally.cellSum(i));
        }
        return Arrays.copyOf(format.bytes, format.position);
    }

    private static boolean isShorterInTwoParts(Tally tally) {
        int saved = 0;
        for (int i = 0; i < tally.size(); i++) {
            long count = tally.count(i);
            saved += varintBytes(count) - varintBytes(count >>> PART_BITS) - 1;
        }
        return saved > 0;
    }

    private static int varintBytes(long value) {
        return (63 - Long.numberOfLeadingZeros(value | 1)) / 7 + 1;
    }

    static Tally read(byte[] bytes) {
        if (bytes.length == 0 || (bytes[0] != PLAIN && bytes[0] != EXTENDED)) {
            throw new IllegalArgumentException(
                    bytes.length == 0
                            ? "Not a tally: no bytes"
                            : "Not a tally of version 1 or 2: first byte " + bytes[0]);
        }
        boolean plain = bytes[0] == PLAIN;
        TallyFormat format = new TallyFormat(bytes);
        format.position = 1;
        long header = format.readVarint();
        int flags = (int) (header % (plain ? 2 : FLAGS));
        long size = header / (plain ? 2 : FLAGS);
        // Each cell takes two bytes at least; checked before anything of that size is allocated.
        if (size > bytes.length / 2) {
            throw new IllegalArgumentException(
                    "Corrupt tally: " + size + " cells in " + bytes.length + " bytes");
        }
        int[] cells = format.readCells((int) size);
        long[] counts = format.readCounts((int) size, (flags & TWO_PARTS) != 0);
        long missing = format.readVarint();
        long infinite = format.readVarint();
        boolean sums = (flags & SUMS) != 0;
        double sum = sums ? format.readDouble() : 0;
        double sumOfSquares = sums ? format.readDouble() : 0;
        double[] cellSums =
                (flags & CELL_SUMS) != 0 ? format.readDoubles((int) size) : Tally.NO_SUMS;
        if (format.position != bytes.length) {
            throw new IllegalArgumentException(
                    "Corrupt tally: "
                            + (bytes.length - format.position)
                            + " bytes too many after byte "
                            + format.position);
        }
        try {
            return Tally.trimmed(
                    cells, counts, cells.length, missing, infinite, sum, sumOfSquares, cellSums);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Corrupt tally: " + e.getMessage(), e);
        }
    }

    private void writeCells(Tally tally) {
        int previous = -1;
        for (int i = 0; i < tally.size(); i++) {
            writeVarint(tally.cell(i) - previous - 1);
            previous = tally.cell(i);
        }
    }

    private int[] readCells(int size) {
        int[] cells = new int[size];
        long previous = -1;
        for (int i = 0; i < cells.length; i++) {
            long distance = readVarint();
            if (distance >= Integer.MAX_VALUE - previous) {
                throw new IllegalArgumentException(
                        "Corrupt tally: cell " + i + " is beyond " + Integer.MAX_VALUE);
            }
            previous += distance + 1;
            cells[i] = (int) previous;
        }
        return cells;
    }

    private void writeCounts(Tally tally, boolean twoParts) {
        for (int i = 0; i < tally.size(); i++) {
            long count = tally.count(i);
            writeVarint(twoParts ? count >>> PART_BITS : count);
            if (twoParts) {
                bytes[position++] = (byte) count;
            }
        }
    }

    private long[] readCounts(int size, boolean twoParts) {
        long[] counts = new long[size];
        for (int i = 0; i < counts.length; i++) {
            long count = readVarint();
            if (twoParts) {
                if (count > Long.MAX_VALUE >>> PART_BITS) {
                    throw new IllegalArgumentException(
                            "Corrupt tally: count " + i + " is beyond " + Long.MAX_VALUE);
                }
                count = count << PART_BITS | (readByte() & 0xFF);
            }
            counts[i] = count;
        }
        return counts;
    }

    private double[] readDoubles(int size) {
        double[] values = new double[size];
        for (int i = 0; i < values.length; i++) {
            values[i] = readDouble();
        }
        return values;
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
