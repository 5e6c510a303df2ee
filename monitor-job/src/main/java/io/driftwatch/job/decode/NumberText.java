package io.driftwatch.job.decode;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;

/** Reads numbers written as text, in cells of formats that do not tell numbers from text. */
public final class NumberText {
    private NumberText() {}

    /**
     * The number that a cell writes: decimal, or {@code NaN}, {@code Infinity}, {@code -Infinity}.
     * What only Java takes for a number, such as {@code 12D} or {@code 0x1p3}, is text: seats and
     * codes look like that.
     *
     * @throws NumberFormatException if it is no number
     */
    public static double parse(String text) {
        double value = JavaDoubleParser.parseDouble(text);
        char last = text.charAt(text.length() - 1);
        boolean suffixed = last == 'd' || last == 'D' || last == 'f' || last == 'F';
        if (suffixed || isHexadecimal(text)) {
            throw new NumberFormatException("not a decimal number");
        }
        return value;
    }

    private static boolean isHexadecimal(String text) {
        for (int i = 1; i < text.length(); i++) {
            if ((text.charAt(i) | 0x20) == 'x') {
                return true;
            }
        }
        return false;
    }
}
