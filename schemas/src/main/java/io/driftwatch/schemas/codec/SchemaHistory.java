package io.driftwatch.schemas.codec;

import io.driftwatch.schemas.ClassTrust;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParser;

/**
 * The schemas that this release can read, by fingerprint: the current ones, and those of earlier
 * releases that ship in the jar.
 *
 * <p>Earlier schemas lie under {@code io/driftwatch/schemas/history/<version>/<name>.avsc}. To keep
 * a release readable, copy its changed schemas there, with whatever they refer to, and name each in
 * {@code history/index}, one path a line ({@code 0.1.0/score.avsc}; {@code #} begins a comment).
 * The index is there because a jar cannot be listed. No code changes.
 *
 * <p>The fingerprint is CRC-64-AVRO of the parsing canonical form: changed docs and defaults do not
 * change it. Immutable, hence safe for use from several threads.
 */
public final class SchemaHistory {

    private static final String SHIPPED_INDEX = "/io/driftwatch/schemas/history/index";

    private final Map<Long, Schema> byFingerprint;

    private SchemaHistory(Map<Long, Schema> byFingerprint) {
        this.byFingerprint = Map.copyOf(byFingerprint);
    }

    /** The current schemas and those that ship in the jar. */
    public static SchemaHistory shipped() {
        return Shipped.HISTORY;
    }

    /**
     * The current schemas and those that an index names.
     *
     * @param index absolute name of the index resource, beside which the version folders lie
     * @throws IllegalArgumentException if the index or a file that it names is absent, or does not
     *     parse
     */
    static SchemaHistory load(String index) {
        var folder = index.substring(0, index.lastIndexOf('/') + 1);
        var versions = new LinkedHashMap<String, Map<String, String>>();
        for (var line : text(index).lines().toList()) {
            var path = line.replaceFirst("#.*", "").strip();
            if (path.isEmpty()) {
                continue;
            }
            var slash = path.lastIndexOf('/');
            if (slash < 1 || !path.endsWith(".avsc")) {
                throw new IllegalArgumentException(
                        index
                                + " names '"
                                + path
                                + "'; expected <version>/<name>.avsc, such as 0.1.0/score.avsc");
            }
            versions.computeIfAbsent(path.substring(0, slash), version -> new LinkedHashMap<>())
                    .put(path, text(folder + path));
        }
        var known = new HashMap<Long, Schema>();
        versions.values()
                .forEach(files -> parse(files).values().forEach(schema -> add(known, schema)));
        ClassTrust.schemas().forEach(schema -> add(known, schema));
        return new SchemaHistory(known);
    }

    /**
     * Parses the schema files of one release, which may refer to each other in any order.
     *
     * @param files file name to text
     * @return file name to the record that stands in the file
     * @throws IllegalArgumentException naming the file that does not parse
     */
    public static Map<String, Schema> parse(Map<String, String> files) {
        var parser = new SchemaParser();
        var parsed = new LinkedHashMap<String, SchemaParser.ParseResult>();
        files.forEach(
                (name, text) -> {
                    try {
                        parsed.put(name, parser.parse(text));
                    } catch (AvroRuntimeException e) {
                        throw new IllegalArgumentException(
                                name + " is not an Avro schema: " + e.getMessage(), e);
                    }
                });
        var schemas = new LinkedHashMap<String, Schema>();
        parsed.forEach(
                (name, result) -> {
                    try {
                        schemas.put(name, result.mainSchema());
                    } catch (AvroRuntimeException e) {
                        throw new IllegalArgumentException(
                                name
                                        + " refers to a type that no file beside it defines: "
                                        + e.getMessage()
                                        + "; add that file too",
                                e);
                    }
                });
        return schemas;
    }

    /** The schema with this fingerprint, if this release knows it. */
    public Optional<Schema> find(long fingerprint) {
        return Optional.ofNullable(byFingerprint.get(fingerprint));
    }

    /** Every version of the record with this full name that this release can read. */
    public List<Schema> versionsOf(String fullName) {
        return byFingerprint.values().stream()
                .filter(schema -> schema.getFullName().equals(fullName))
                .toList();
    }

    /** CRC-64-AVRO of the schema's parsing canonical form. */
    public static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    private static void add(Map<Long, Schema> known, Schema schema) {
        known.put(fingerprint(schema), schema);
    }

    private static String text(String resource) {
        URL url = SchemaHistory.class.getResource(resource);
        if (url == null) {
            throw new IllegalArgumentException(
                    "The schema history lacks " + resource + "; add the file or its line");
        }
        try (InputStream in = url.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + resource, e);
        }
    }

    private static final class Shipped {
        static final SchemaHistory HISTORY = load(SHIPPED_INDEX);
    }
}
