package io.driftwatch.job.decode;

/**
 * A number that stands among bytes, read without making a string of it, if it is written as most
 * are: a minus or none, digits, perhaps a point and more digits, 18 in all. {@link NumberText}
 * reads these too, to the same value, and all others.
 */
final class CsvNumber {
    private static final int MOST_DIGITS = 18;
    private static final long[] POWERS_OF_TEN = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
    };
    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long HIGH = 0x8080_8080_8080_8080L;

    private boolean negative;
    private int places;
    private long significand;

    /**
     * Reads a number. A byte that is no digit must stand behind it, and then {@value
     * CsvRows#PADDING} more of any kind.
     *
     * @return whether it takes up all between the two places
     */
    boolean read(byte[] text, int from, int to) {
        negative = text[from] == '-';
        int begin = negative ? from + 1 : from;
        significand = 0;
        int point = digits(text, begin);
        int end = text[point] == '.' ? digits(text, point + 1) : point;
        places = Math.max(0, end - point - 1);
        // The zero before a point is no digit of the significand.
        int digits = point - begin + places - (text[begin] == '0' ? 1 : 0);
        boolean digitsAround = point > begin && (end == point || places > 0);
        return digitsAround && end == to && digits <= MOST_DIGITS;
    }

    /** Appends digits to the significand, and returns where they end. */
    private int digits(byte[] text, int at) {
        // Eight at a time: how often a loop over single digits goes round is hard to predict.
        int i = at;
        int count;
        do {
            long block = (long) JsonName.WORDS.get(text, i) ^ '0' * EACH;
            // Adding 0x76 carries 10 and more into the high bit; it may carry further, but only
            // into bytes behind the first that is no digit.
            long others = (block + 0x76 * EACH | block) & HIGH;
            count = Long.numberOfTrailingZeros(others) >>> 3;
            significand = significand * POWERS_OF_TEN[count] + value(block, count);
            i += count;
        } while (count == Long.BYTES);
        return i;
    }

    /** What the first of eight digits write. */
    private static long value(long block, int count) {
        if (count == 0) {
            return 0;
        }
        // They move behind zeros, then neighbours join: pairs, fours, eight.
        long ones = block << -(count << 3);
        long pairs = (ones * 10 + (ones >>> 8)) & 0x00FF_00FF_00FF_00FFL;
        long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000_FFFF_0000_FFFFL;
        return (fours * 10_000 + (fours >>> 32)) & 0xFFFF_FFFFL;
    }

    /** Whether the number is written without minus and point, so that it fits into a long. */
    boolean isNatural() {
        return !negative && places == 0;
    }

    /** The number, if it is natural. */
    long asLong() {
        return significand;
    }

    /** The nearest double. */
    double asDouble() {
        double size = JsonDecimal.shifted(significand, -places);
        return negative ? -size : size;
    }
}
