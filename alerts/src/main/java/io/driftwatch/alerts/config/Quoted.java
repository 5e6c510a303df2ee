package io.driftwatch.alerts.config;

import java.util.regex.Pattern;

/**
 * Values as messages quote them: short, on one line, and without what follows the host of an
 * address, which may be a secret.
 */
final class Quoted {
    private static final int LONGEST = 60;
    private static final Pattern ADDRESS = Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.-]*)://.*");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\s]+");

    private Quoted() {}

    static String of(String text) {
        String line = CONTROL.matcher(text).replaceAll(" ");
        String open = ADDRESS.matcher(line).replaceAll("$1://...");
        if (open.codePointCount(0, open.length()) > LONGEST) {
            open = open.substring(0, open.offsetByCodePoints(0, LONGEST)) + "…";
        }
        return "'" + open + "'";
    }
}
