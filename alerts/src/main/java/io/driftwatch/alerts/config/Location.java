package io.driftwatch.alerts.config;

import java.util.Comparator;
import java.util.Objects;

/**
 * A place in a configuration file.
 *
 * @param file name of the file as the user wrote it, never null
 * @param line line, counting from 1
 * @param column column in code points, counting from 1
 */
public record Location(String file, int line, int column) implements Comparable<Location> {
    private static final Comparator<Location> ORDER =
            Comparator.comparing(Location::file)
                    .thenComparingInt(Location::line)
                    .thenComparingInt(Location::column);

    public Location {
        Objects.requireNonNull(file, "file");
    }

    /** Orders by file, then line, then column. */
    @Override
    public int compareTo(Location other) {
        return ORDER.compare(this, other);
    }

    /** Gives the form that editors and terminals turn into a link: {@code driftwatch.yaml:12:5}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
