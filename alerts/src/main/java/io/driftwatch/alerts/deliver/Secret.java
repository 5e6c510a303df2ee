package io.driftwatch.alerts.deliver;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A text that nobody may see: given in the configuration, or in a file that is read anew each time,
 * so that it can be changed without a restart. Never shows the text, not even to a debugger's
 * {@code toString}.
 */
public final class Secret implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final String file;

    private Secret(String text, String file) {
        this.text = text;
        this.file = file;
    }

    /** Returns a secret that is given as it is, not null. */
    public static Secret of(String text) {
        return new Secret(Objects.requireNonNull(text, "text"), null);
    }

    /** Returns a secret that is the content of a file, without white space around it. */
    public static Secret ofFile(String file) {
        return new Secret(null, Objects.requireNonNull(file, "file"));
    }

    /** Says whether the configuration itself holds the text. */
    public boolean isInline() {
        return file == null;
    }

    /**
     * Returns the text as it is now, for the moment in which it is sent.
     *
     * @throws SecretFileException if the file cannot be read
     */
    public String reveal() throws SecretFileException {
        if (file == null) {
            return text;
        }
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new SecretFileException(file, e);
        }
    }

    /** Returns the file that holds the text; null if the configuration itself does. */
    public String file() {
        return file;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && Objects.equals(text, that.text)
                && Objects.equals(file, that.file);
    }

    @Override
    public int hashCode() {
        return Objects.hash(text, file);
    }

    @Override
    public String toString() {
        return "<secret>";
    }
}
