package io.driftwatch.schemas;

import io.driftwatch.schemas.codec.SchemaHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The schema files of this module: the current ones, and those of every released version. */
final class ReleasedSchemas {

    private static final Path CURRENT = Path.of("src/main/avro");
    private static final Path HISTORY = Path.of("src/test/resources/history");

    private ReleasedSchemas() {}

    /** One schema file of one version. */
    record Released(String version, String file, Schema schema) {
        @Override
        public String toString() {
            return version + "/" + file;
        }
    }

    static List<Released> current() {
        return in("current", CURRENT);
    }

    static List<String> versions() {
        return children(HISTORY).map(path -> path.getFileName().toString()).toList();
    }

    static List<Released> earlier() {
        return children(HISTORY)
                .flatMap(path -> in(path.getFileName().toString(), path).stream())
                .toList();
    }

    private static List<Released> in(String version, Path folder) {
        var texts = new TreeMap<String, String>();
        children(folder).forEach(path -> texts.put(path.getFileName().toString(), text(path)));
        return SchemaHistory.parse(texts).entrySet().stream()
                .map(entry -> new Released(version, entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Stream<Path> children(Path folder) {
        try (var children = Files.list(folder)) {
            return children.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
