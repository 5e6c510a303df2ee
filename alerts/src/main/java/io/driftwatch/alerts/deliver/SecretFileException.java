package io.driftwatch.alerts.deliver;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The file with a secret cannot be read. The message says which and why, and may be shown: it holds
 * the name of the file, never what is in it.
 */
public final class SecretFileException extends IOException {
    private static final long serialVersionUID = 1L;

    SecretFileException(String file, IOException cause) {
        super("the file " + file + " with a secret cannot be read: " + why(file, cause), cause);
    }

    private static String why(String file, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return Path.of(file).isAbsolute()
                    ? "there is none where this runs"
                    : "there is none in "
                            + Path.of("").toAbsolutePath()
                            + ", where this runs; give its whole path";
        }
        if (cause instanceof AccessDeniedException) {
            return "this process may not";
        }
        return cause instanceof CharacterCodingException
                ? "it is not UTF-8 text"
                : cause.getClass().getSimpleName();
    }
}
