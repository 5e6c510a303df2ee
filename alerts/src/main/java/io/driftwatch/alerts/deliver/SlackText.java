package io.driftwatch.alerts.deliver;

/**
 * Foreign text inside Slack messages. Names and categories come from data, so they may hold
 * mentions, markup, line breaks or direction marks; none of these has an effect here. Results never
 * exceed their limit in UTF-16 units, which is at least as strict as counting code points, and are
 * cut between code points with an ellipsis.
 */
final class SlackText {
    private static final String ELLIPSIS = "…";

    private SlackText() {}

    /** Returns text for a plain_text object or for {@code text}. */
    static String plain(String raw, int limit) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < raw.length(); ) {
            int codePoint = raw.codePointAt(i);
            i += Character.charCount(codePoint);
            String next = escape(codePoint);
            int room = limit - (i < raw.length() ? ELLIPSIS.length() : 0);
            if (text.length() + next.length() > room) {
                return text.append(ELLIPSIS).toString();
            }
            text.append(next);
        }
        return text.toString();
    }

    /** Returns text for a mrkdwn object, as code: nothing in it can be markup. */
    static String code(String raw, int limit) {
        String inner = plain(raw.replace('`', '\''), limit - 2);
        return inner.isBlank() ? "-" : "`" + inner + "`";
    }

    private static String escape(int codePoint) {
        return switch (codePoint) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            default -> isUnsafe(codePoint) ? " " : Character.toString(codePoint);
        };
    }

    /** Control characters, line and paragraph separators, direction marks, lone surrogates. */
    private static boolean isUnsafe(int codePoint) {
        return Character.isISOControl(codePoint)
                || codePoint == 0x061C
                || codePoint == 0x200E
                || codePoint == 0x200F
                || (codePoint >= 0x2028 && codePoint <= 0x202E)
                || (codePoint >= 0x2066 && codePoint <= 0x2069)
                || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
    }
}
