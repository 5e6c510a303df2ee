package io.driftwatch.alerts.retrain;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Values as they stand in addresses and forms. */
final class UriText {
    private UriText() {}

    /**
     * Returns a value as a part of a path or a query: everything but the unreserved characters of
     * RFC 3986 percent-encoded.
     *
     * @param separator what stands for a slash in the value; null if that is encoded too
     */
    static String encoded(String value, String separator) {
        return separator == null
                ? encoded(value)
                : Arrays.stream(value.split("/", -1))
                        .map(UriText::encoded)
                        .collect(Collectors.joining(separator));
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** Returns a name or a value as {@code application/x-www-form-urlencoded} has it. */
    static String ofForm(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** Says whether a value stays where it is put in a path: servers resolve dots, even encoded. */
    static boolean isSegment(String value, String separator) {
        String[] segments = separator == null ? new String[] {value} : value.split("/", -1);
        return Arrays.stream(segments)
                .noneMatch(each -> each.isEmpty() || each.equals(".") || each.equals(".."));
    }
}
