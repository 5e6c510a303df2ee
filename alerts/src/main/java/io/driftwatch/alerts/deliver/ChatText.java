package io.driftwatch.alerts.deliver;

/**
 * Foreign text inside chat messages. Names and categories come from data, so they may hold
 * mentions, markup, addresses, line breaks or direction marks; none of these has an effect here.
 * Results never exceed their limit in UTF-16 units, which is at least as strict as counting code
 * points, and are cut between code points with an ellipsis.
 */
final class ChatText {
    private static final String ELLIPSIS = "…";
    private static final String NOTHING_WIDE = "\u200b";
    private static final String MARKDOWN = "\\`*_~|<[]()";

    private ChatText() {}

    /** How one kind of text writes a character that could mean something. */
    @FunctionalInterface
    interface Escape {
        /**
         * Writes one character.
         *
         * @param codePoint the character, which is safe to show
         * @param before the one before it; 0 at the beginning
         */
        String of(int codePoint, int before);
    }

    /** For Slack's texts, and for the HTML in Google Chat's cards. */
    static final Escape ENTITIES =
            (codePoint, before) ->
                    switch (codePoint) {
                        case '&' -> "&amp;";
                        case '<' -> "&lt;";
                        case '>' -> "&gt;";
                        default -> unlinked(codePoint, before);
                    };

    /** For Markdown within a line: no formatting, no link, no mention. */
    static final Escape BACKSLASHES =
            (codePoint, before) -> {
                if (codePoint == '@') {
                    return "@" + NOTHING_WIDE;
                }
                return MARKDOWN.indexOf(codePoint) >= 0
                        ? "\\" + Character.toString(codePoint)
                        : unlinked(codePoint, before);
            };

    /** For text without any escapes, in which only angle brackets mean something. */
    static final Escape BRACKETS =
            (codePoint, before) ->
                    switch (codePoint) {
                        case '<' -> "‹";
                        case '>' -> "›";
                        case '@' -> "@" + NOTHING_WIDE;
                        default -> unlinked(codePoint, before);
                    };

    /** For code between backticks, in which no chat sees markup, and a backslash is one. */
    static final Escape LITERAL =
            (codePoint, before) ->
                    codePoint == '@' ? "@" + NOTHING_WIDE : unlinked(codePoint, before);

    /** Chats make links of whatever looks like an address. */
    private static String unlinked(int codePoint, int before) {
        return codePoint == '/' && before == ':'
                ? NOTHING_WIDE + "/"
                : Character.toString(codePoint);
    }

    /** Returns text in which nothing has an effect. */
    static String plain(String raw, int limit, Escape escape) {
        StringBuilder text = new StringBuilder();
        int before = 0;
        for (int i = 0; i < raw.length(); ) {
            int codePoint = raw.codePointAt(i);
            i += Character.charCount(codePoint);
            String next = isUnsafe(codePoint) ? " " : escape.of(codePoint, before);
            before = codePoint;
            int room = limit - (i < raw.length() ? ELLIPSIS.length() : 0);
            if (text.length() + next.length() > room) {
                return text.append(ELLIPSIS).toString();
            }
            text.append(next);
        }
        return text.toString();
    }

    /** Returns text as code between backticks, in which there is no other markup. */
    static String code(String raw, int limit, Escape escape) {
        String inner = plain(raw.replace('`', '\''), limit - 2, escape);
        return inner.isBlank() ? "-" : "`" + inner + "`";
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
