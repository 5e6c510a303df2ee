package io.driftwatch.alerts.deliver;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Removes secrets from text that comes from outside: each secret as a whole, and each part of it
 * that is long enough to be one by itself, such as the token in an address.
 */
public final class Redaction {
    private static final String MASK = "<secret>";
    private static final int SHORTEST_PART = 6;
    private static final Pattern BETWEEN_PARTS = Pattern.compile("[/?&=#;:,\\s\"]+");

    private final List<Pattern> patterns;

    private Redaction(Collection<String> texts) {
        patterns =
                texts.stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .map(text -> Pattern.compile(Pattern.quote(text), flags()))
                        .toList();
    }

    private static int flags() {
        return Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    }

    /** Returns what removes these texts. */
    public static Redaction of(Collection<String> secrets) {
        Set<String> texts = new TreeSet<>();
        for (String secret : secrets) {
            addWithParts(texts, secret);
            addWithParts(texts, decoded(secret));
        }
        return new Redaction(texts);
    }

    private static void addWithParts(Set<String> texts, String secret) {
        if (!secret.isBlank()) {
            texts.add(secret);
        }
        for (String part : BETWEEN_PARTS.split(secret)) {
            if (part.length() >= SHORTEST_PART) {
                texts.add(part);
            }
        }
    }

    private static String decoded(String secret) {
        try {
            return URLDecoder.decode(secret, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return secret;
        }
    }

    /** Returns a text with a mask in the place of each secret. */
    public String apply(String text) {
        String clean = text;
        for (Pattern pattern : patterns) {
            clean = pattern.matcher(clean).replaceAll(MASK);
        }
        return clean;
    }
}
