package io.driftwatch.job.decode;

import ch.randelshofer.fastdoubleparser.JsonDoubleParser;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds where the tokens of one JSON text end. Every method takes the position where a token
 * begins, and returns the one behind it; {@link #nowhere()} if there is no such token, or one that
 * should be left to Jackson.
 *
 * <p>Zeros stand behind the text, and end every loop: no byte needs a check whether there is one.
 * {@code nowhere} lies among them, so that whoever looks for more there finds nothing.
 */
final class JsonScanner {
    private static final int LONGEST_TEXT = 1 << 20;
    private static final int LONGEST_NUMBER = 500;
    private static final int LONGEST_NAME = 1000;
    private static final int DEEPEST_SKIPPED = 100;
    private static final int PADDING = 16;

    /** More digits than these may not fit into the significand. */
    private static final int MOST_DIGITS = 18;

    private static final long[] POWERS_OF_TEN = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
    };
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int TRUE = 'e' << 24 | 'u' << 16 | 'r' << 8 | 't';
    private static final int ALSE = 'e' << 24 | 's' << 16 | 'l' << 8 | 'a';
    private static final int NULL = 'l' << 24 | 'l' << 16 | 'u' << 8 | 'n';
    private static final long EACH = 0x0101_0101_0101_0101L;
    private static final long HIGH = 0x8080_8080_8080_8080L;

    private byte[] text = new byte[1024];
    private int length;
    private boolean escaped;
    private boolean whole;
    private boolean negative;
    private int digits;
    private long significand;
    private int power;

    /**
     * Takes a text. Copying it in front of zeros takes a thirtieth of the time of reading it.
     *
     * @return whether it is of a size that this is made for
     */
    boolean take(byte[] bytes) {
        if (bytes.length > LONGEST_TEXT) {
            return false;
        }
        length = bytes.length;
        if (length + PADDING > text.length) {
            text = new byte[2 * length + PADDING];
        }
        System.arraycopy(bytes, 0, text, 0, length);
        JsonName.WORDS.set(text, length, 0L);
        JsonName.WORDS.set(text, length + Long.BYTES, 0L);
        return true;
    }

    /** The text, and zeros behind it. */
    byte[] text() {
        return text;
    }

    byte at(int at) {
        return text[at];
    }

    /** The position of the end of the text. */
    int end() {
        return length;
    }

    /** A position behind the end, where a zero stands. */
    int nowhere() {
        return length + 1;
    }

    /** The first byte that is not white space; there may be none. */
    int space(int at) {
        int i = at;
        while (text[i] <= ' ' && isSpace(text[i])) {
            i++;
        }
        return i;
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    /** A name, from behind its opening quote. */
    int name(int at) {
        int end = string(at);
        return end - at <= LONGEST_NAME ? end : nowhere();
    }

    /** A string, from behind its opening quote. */
    int string(int at) {
        escaped = false;
        int i = plainCharacters(at);
        while (text[i] != '"') {
            if (text[i] == '\\') {
                escaped = true;
                i = escape(i + 1);
            } else if (text[i] < 0) {
                i = multiByteCharacter(i);
            } else {
                return nowhere();
            }
            i = plainCharacters(i);
        }
        return i + 1;
    }

    /** Whether the string scanned last has escapes. */
    boolean escaped() {
        return escaped;
    }

    /** The first byte that is not a plain character of a string. */
    private int plainCharacters(int at) {
        // Eight at a time. Subtracting one makes the high bit of a zero byte, and subtracting a
        // space
        // that of a control character. The borrow may mark bytes behind the first such one only.
        for (int i = at; ; i += Long.BYTES) {
            long block = (long) JsonName.WORDS.get(text, i);
            long quote = block ^ '"' * EACH;
            long backslash = block ^ '\\' * EACH;
            long special = (quote - EACH | backslash - EACH | block - ' ' * EACH | block) & HIGH;
            if (special != 0) {
                return i + (Long.numberOfTrailingZeros(special) >>> 3);
            }
        }
    }

    private int escape(int at) {
        switch (text[at]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return at + 1;
            }
            case 'u' -> {
                for (int i = 1; i <= 4; i++) {
                    if (Character.digit(text[at + i], 16) < 0) {
                        return nowhere();
                    }
                }
                return at + 5;
            }
            default -> {
                return nowhere();
            }
        }
    }

    /** A character of two to four bytes (Unicode, table 3-7: well-formed UTF-8). */
    private int multiByteCharacter(int at) {
        int first = text[at] & 0xFF;
        int second = text[at + 1] & 0xFF;
        int following;
        int least = 0x80;
        int most = 0xBF;
        if (first >= 0xC2 && first <= 0xDF) {
            following = 1;
        } else if (first >= 0xE0 && first <= 0xEF) {
            following = 2;
            least = first == 0xE0 ? 0xA0 : least;
            most = first == 0xED ? 0x9F : most;
        } else if (first >= 0xF0 && first <= 0xF4) {
            following = 3;
            least = first == 0xF0 ? 0x90 : least;
            most = first == 0xF4 ? 0x8F : most;
        } else {
            return nowhere();
        }
        if (second < least || second > most) {
            return nowhere();
        }
        for (int i = 2; i <= following; i++) {
            if ((text[at + i] & 0xC0) != 0x80) {
                return nowhere();
            }
        }
        return at + following + 1;
    }

    /** {@code true}, {@code false} or {@code null}. */
    int literal(int at) {
        boolean found =
                switch (text[at]) {
                    case 't' -> (int) INTS.get(text, at) == TRUE;
                    case 'f' -> (int) INTS.get(text, at + 1) == ALSE;
                    case 'n' -> (int) INTS.get(text, at) == NULL;
                    default -> false;
                };
        int end = at + (text[at] == 'f' ? 5 : 4);
        return found ? end : nowhere();
    }

    /** A number; what it is, the methods below tell. */
    int number(int at) {
        negative = text[at] == '-';
        int from = negative ? at + 1 : at;
        significand = 0;
        int i = digits(from);
        if (i == from || (text[from] == '0' && i > from + 1)) {
            return nowhere();
        }
        digits = text[from] == '0' ? 0 : i - from;
        whole = true;
        power = 0;
        if (text[i] == '.') {
            whole = false;
            int point = i;
            i = digits(point + 1);
            power = point + 1 - i;
            if (power == 0) {
                return nowhere();
            }
            digits -= power;
        }
        if ((text[i] | 0x20) == 'e') {
            whole = false;
            i = exponent(i + 1);
        }
        return i - at <= LONGEST_NUMBER ? i : nowhere();
    }

    /** Appends digits to the significand. */
    private int digits(int at) {
        // Eight at a time: the end of a loop over single digits is mispredicted for nearly every
        // number. Records with all digits are read 1.25 times as fast, with six decimals 1.05
        // times.
        long value = significand;
        int i = at;
        int count;
        do {
            long block = (long) JsonName.WORDS.get(text, i) ^ '0' * EACH;
            count = leadingDigits(block);
            value = value * POWERS_OF_TEN[count] + value(block, count);
            i += count;
        } while (count == Long.BYTES);
        significand = value;
        return i;
    }

    /** How many of eight bytes are digits before one is not; digits have the values 0 to 9. */
    private static int leadingDigits(long block) {
        // Adding 0x76 carries 10 and more into the high bit. It may carry further, but only into
        // bytes behind the first that is no digit.
        long others = (block + 0x76 * EACH | block) & HIGH;
        return Long.numberOfTrailingZeros(others) >>> 3;
    }

    /** The number that the first of eight digits write. */
    private static long value(long block, int count) {
        if (count == 0) {
            return 0;
        }
        // The digits move behind zeros, then neighbours join: pairs, fours, eight.
        long ones = block << -(count << 3);
        long pairs = (ones * 10 + (ones >>> 8)) & 0x00FF_00FF_00FF_00FFL;
        long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000_FFFF_0000_FFFFL;
        return (fours * 10_000 + (fours >>> 32)) & 0xFFFF_FFFFL;
    }

    private int exponent(int at) {
        int from = text[at] == '-' || text[at] == '+' ? at + 1 : at;
        int exponent = 0;
        int i = from;
        for (; text[i] >= '0' && text[i] <= '9'; i++) {
            exponent = exponent * 10 + text[i] - '0';
            if (i - from > 3) {
                return nowhere();
            }
        }
        power += text[at] == '-' ? -exponent : exponent;
        return i == from ? nowhere() : i;
    }

    /** Whether the number scanned last is written without point and exponent. */
    boolean isWhole() {
        return whole;
    }

    /** Whether the number scanned last surely fits into a long, if it is whole. */
    boolean fitsLong() {
        return digits <= MOST_DIGITS;
    }

    long asLong() {
        return negative ? -significand : significand;
    }

    /** The value of the number scanned last, which stands there. */
    double asDouble(int from, int to) {
        if (digits > MOST_DIGITS || !JsonDecimal.covers(power)) {
            return JsonDoubleParser.parseDouble(text, from, to - from);
        }
        double value = JsonDecimal.shifted(significand, power);
        return negative ? -value : value;
    }

    /** Any value. */
    int skip(int at) {
        return skip(at, 0);
    }

    private int skip(int at, int depth) {
        byte c = text[at];
        if (c == '"') {
            return string(at + 1);
        }
        if (c == '{' || c == '[') {
            return depth == DEEPEST_SKIPPED ? nowhere() : skipMembers(at, depth);
        }
        return c == '-' || (c >= '0' && c <= '9') ? number(at) : literal(at);
    }

    private int skipMembers(int at, int depth) {
        boolean object = text[at] == '{';
        char close = object ? '}' : ']';
        int i = space(at + 1);
        if (text[i] == close) {
            return i + 1;
        }
        while (true) {
            if (object) {
                i = text[i] == '"' ? colon(name(i + 1)) : nowhere();
            }
            i = space(skip(i, depth + 1));
            if (text[i] == close) {
                return i + 1;
            }
            if (text[i] != ',') {
                return nowhere();
            }
            i = space(i + 1);
        }
    }

    /** A colon and the space around it. */
    int colon(int at) {
        int i = space(at);
        return text[i] == ':' ? space(i + 1) : nowhere();
    }
}
