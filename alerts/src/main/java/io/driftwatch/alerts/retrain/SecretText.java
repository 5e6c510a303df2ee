package io.driftwatch.alerts.retrain;

import io.driftwatch.alerts.deliver.Secret;
import java.io.IOException;
import java.io.Serializable;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * A text with secrets in it, each put there only when the text is sent. Never shows them.
 * Immutable.
 */
public final class SecretText implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Nothing at all; texts grow from it. */
    static final SecretText EMPTY = new SecretText(List.of());

    /** Tells the text of a secret. */
    public interface Revealer {
        /**
         * Returns the text as it is now.
         *
         * @throws IOException if the file that holds it cannot be read
         */
        String reveal(Secret secret) throws IOException;
    }

    private enum Form {
        PLAIN,
        /** As in {@code application/x-www-form-urlencoded}. */
        ENCODED,
        /** The credentials of HTTP's Basic authentication, where the text is the user's name. */
        BASIC
    }

    private record Part(String text, Secret secret, Form form) implements Serializable {
        String reveal(Revealer revealer) throws IOException {
            if (secret == null) {
                return text;
            }
            String revealed = revealer.reveal(secret);
            return switch (form) {
                case PLAIN -> revealed;
                case ENCODED -> URLEncoder.encode(revealed, StandardCharsets.UTF_8);
                case BASIC -> base64(text + ":" + revealed);
            };
        }

        private static String base64(String text) {
            return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private final List<Part> parts;

    private SecretText(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Returns a text that anybody may see. */
    static SecretText of(String text) {
        return EMPTY.plus(text);
    }

    /** Returns a text that is one secret. */
    static SecretText of(Secret secret) {
        return EMPTY.plus(secret);
    }

    SecretText plus(String text) {
        return plus(new Part(text, null, Form.PLAIN));
    }

    SecretText plus(Secret secret) {
        return plus(new Part("", secret, Form.PLAIN));
    }

    SecretText plusEncoded(Secret secret) {
        return plus(new Part("", secret, Form.ENCODED));
    }

    SecretText plusBasic(String user, Secret password) {
        return plus(new Part(user, password, Form.BASIC));
    }

    SecretText plus(SecretText end) {
        List<Part> more = new ArrayList<>(parts);
        more.addAll(end.parts);
        return new SecretText(more);
    }

    private SecretText plus(Part part) {
        List<Part> more = new ArrayList<>(parts);
        more.add(part);
        return new SecretText(more);
    }

    /**
     * Returns the whole text. What it gives is a secret as a whole too: an encoding hides a secret
     * from those who look for the secret alone.
     *
     * @throws IOException if the revealer throws it
     */
    public String reveal(Revealer revealer) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(part.reveal(revealer));
        }
        return text.toString();
    }

    /** Returns the secrets in it, in order; empty if anybody may see it. */
    public List<Secret> secrets() {
        return parts.stream().map(Part::secret).filter(Objects::nonNull).toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretText that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** Shows the text with a mask in place of each secret. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(part.secret == null ? part.text : part.secret));
        return text.toString();
    }
}
