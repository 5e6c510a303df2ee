package io.driftwatch.job.profile;

import io.driftwatch.detectors.dependence.Dependence;
import io.driftwatch.detectors.profile.CategoricalProfile;
import io.driftwatch.detectors.profile.FeatureProfile;
import io.driftwatch.detectors.profile.Moments;
import io.driftwatch.detectors.profile.NumericProfile;
import io.driftwatch.detectors.profile.Tally;
import io.driftwatch.job.config.ValueRole;
import io.driftwatch.job.tally.SampleKey;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.FeatureKind;
import io.driftwatch.schemas.FeatureReference;
import io.driftwatch.schemas.FeatureRole;
import io.driftwatch.schemas.ReferenceProfile;
import io.driftwatch.schemas.Season;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/** Profile files: Avro containers with one {@link ReferenceProfile} a sample. */
public final class ProfileFile {
    /** Key in the file's header: how many samples follow. */
    private static final String SAMPLES = "driftwatch.samples";

    private ProfileFile() {}

    /** Writes the samples of one model; an earlier file is replaced whole or not at all. */
    public static void write(Path file, List<ReferenceSample> samples) throws IOException {
        ClassTrust.ensure();
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        // Not a temporary file, which nobody but its owner may read.
        Path partial = folder.resolve(file.getFileName() + "." + UUID.randomUUID() + ".partial");
        try {
            writeTo(partial, samples);
            Files.move(
                    partial,
                    file,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static void writeTo(Path file, List<ReferenceSample> samples) throws IOException {
        try (DataFileWriter<ReferenceProfile> writer =
                new DataFileWriter<>(new SpecificDatumWriter<>(ReferenceProfile.class))) {
            writer.setCodec(CodecFactory.deflateCodec(CodecFactory.DEFAULT_DEFLATE_LEVEL));
            writer.setMeta(SAMPLES, samples.size());
            writer.create(ReferenceProfile.getClassSchema(), file.toFile());
            for (ReferenceSample sample : samples) {
                writer.append(toAvro(sample));
            }
        }
    }

    /** What tells the content of one file from that of any other: SHA-256, hexadecimal. */
    static String digest(InputStream file) throws IOException {
        try (DigestInputStream in =
                new DigestInputStream(file, MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }

    /** As above, of bytes. */
    public static String digest(byte[] file) {
        try {
            return digest(new ByteArrayInputStream(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a profile file.
     *
     * @throws IOException if it is no profile file, or does not hold together; the message says
     *     what is wrong
     */
    public static ModelProfiles read(byte[] file) throws IOException {
        return read(new ByteArrayInputStream(file));
    }

    /** As above, from a stream, which is closed. */
    static ModelProfiles read(InputStream file) throws IOException {
        ClassTrust.ensure();
        List<ReferenceSample> samples = new ArrayList<>();
        try (DataFileStream<ReferenceProfile> stream =
                new DataFileStream<>(file, new SpecificDatumReader<>(ReferenceProfile.class))) {
            for (ReferenceProfile each : stream) {
                samples.add(fromAvro(each));
            }
            checkNumber(stream, samples.size());
            return new ModelProfiles(samples);
        } catch (EOFException e) {
            throw new IOException("the file is cut short", e);
        } catch (RuntimeException e) {
            // Of what damaged bytes can do, Avro declares little.
            throw new IOException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    /** Avro takes a file that is cut short for one that ends there. */
    private static void checkNumber(DataFileStream<ReferenceProfile> stream, int found)
            throws IOException {
        if (stream.getMeta(SAMPLES) != null && stream.getMetaLong(SAMPLES) != found) {
            throw new IOException(
                    "the file is cut short: it holds "
                            + found
                            + " of "
                            + stream.getMetaLong(SAMPLES)
                            + " reference samples");
        }
    }

    static ReferenceProfile toAvro(ReferenceSample sample) {
        List<FeatureReference> features = new ArrayList<>();
        sample.features()
                .forEach(
                        (name, profile) ->
                                features.add(
                                        feature(
                                                name,
                                                sample.roles().get(name),
                                                profile,
                                                sample.dependenceOf(name))));
        return ReferenceProfile.newBuilder()
                .setModel(sample.key().model())
                .setModelVersion(sample.key().version())
                .setSegment(sample.key().segment())
                .setCreatedAt(sample.createdAt())
                .setCreatedBy(sample.createdBy())
                .setRows(sample.rows())
                .setFirstEventTime(sample.firstEventTime())
                .setLastEventTime(sample.lastEventTime())
                .setBlockLength(sample.blockMillis())
                .setFeatures(features)
                .build();
    }

    private static FeatureReference feature(
            String name, ValueRole role, FeatureProfile profile, Dependence dependence) {
        Tally reference = profile.reference();
        FeatureReference.Builder builder =
                FeatureReference.newBuilder()
                        .setName(name)
                        .setRole(FeatureRole.valueOf(role.name().toLowerCase(Locale.ROOT)))
                        .setCells(ints(reference.cells()))
                        .setCounts(longs(reference.counts()))
                        .setMissing(reference.missing())
                        .setInfinite(reference.infinite())
                        .setExact(false)
                        .setScale(1)
                        .setCellEdges(List.of())
                        .setBinEdges(List.of())
                        .setCategories(List.of())
                        .setBlocks(dependence.blocks())
                        .setOverdispersion(
                                dependence.isMeasured() ? dependence.overdispersion() : null)
                        .setSeason(
                                Season.valueOf(dependence.season().name().toLowerCase(Locale.ROOT)))
                        .setSeasonRatio(orNull(dependence.seasonRatio()));
        if (profile instanceof NumericProfile numeric) {
            Moments moments = numeric.moments();
            builder.setType(FeatureKind.numeric)
                    .setExact(numeric.exact())
                    .setCellEdges(doubles(numeric.cellEdges()))
                    .setBinEdges(doubles(numeric.binEdges()))
                    .setMinimum(orNull(moments.minimum()))
                    .setMaximum(orNull(moments.maximum()))
                    .setMean(orNull(moments.mean()))
                    .setSd(orNull(moments.sd()))
                    .setKurtosis(orNull(moments.kurtosis()))
                    .setScale(moments.scale())
                    .setCellSums(doubles(reference.cellSums()));
        } else if (profile instanceof CategoricalProfile categorical) {
            builder.setType(FeatureKind.categorical)
                    .setCategories(categorical.categories())
                    .setRemembered(bytes(categorical.remembered()));
        }
        return builder.build();
    }

    private static ReferenceSample fromAvro(ReferenceProfile avro) {
        Map<String, FeatureProfile> features = new LinkedHashMap<>();
        Map<String, ValueRole> roles = new LinkedHashMap<>();
        Map<String, Dependence> dependence = new LinkedHashMap<>();
        for (FeatureReference feature : avro.getFeatures()) {
            try {
                features.put(feature.getName(), profile(feature));
                dependence.put(feature.getName(), dependence(feature));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "feature '" + feature.getName() + "': " + e.getMessage(), e);
            }
            roles.put(
                    feature.getName(),
                    ValueRole.valueOf(feature.getRole().name().toUpperCase(Locale.ROOT)));
        }
        Map.Entry<String, String> segment =
                avro.getSegment().entrySet().stream().findFirst().orElse(Map.entry("", ""));
        return new ReferenceSample(
                new SampleKey(
                        avro.getModel(),
                        avro.getModelVersion(),
                        segment.getKey(),
                        segment.getValue()),
                avro.getCreatedAt(),
                avro.getCreatedBy(),
                avro.getRows(),
                avro.getFirstEventTime(),
                avro.getLastEventTime(),
                features,
                roles,
                avro.getBlockLength(),
                dependence);
    }

    private static FeatureProfile profile(FeatureReference avro) {
        boolean numeric = avro.getType() == FeatureKind.numeric;
        int[] cells = avro.getCells().stream().mapToInt(Integer::intValue).toArray();
        long[] counts = avro.getCounts().stream().mapToLong(Long::longValue).toArray();
        Tally reference = Tally.of(cells, counts, avro.getMissing(), avro.getInfinite(), 0, 0);
        if (!numeric) {
            return CategoricalProfile.restore(
                    avro.getCategories(), longs(avro.getRemembered()), reference);
        }
        return NumericProfile.restore(
                avro.getCellEdges().stream().mapToDouble(Double::doubleValue).toArray(),
                avro.getBinEdges().stream().mapToDouble(Double::doubleValue).toArray(),
                avro.getExact(),
                reference,
                new Moments(
                        orNaN(avro.getMinimum()),
                        orNaN(avro.getMaximum()),
                        orNaN(avro.getMean()),
                        orNaN(avro.getSd()),
                        orNaN(avro.getKurtosis()),
                        avro.getScale()),
                avro.getCellSums().stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static Dependence dependence(FeatureReference avro) {
        if (avro.getBlocks() == 0) {
            return Dependence.UNKNOWN;
        }
        return new Dependence(
                avro.getBlocks(),
                orNaN(avro.getOverdispersion()),
                switch (avro.getSeason()) {
                    case hour_of_day -> io.driftwatch.detectors.dependence.Season.HOUR_OF_DAY;
                    case day_of_week -> io.driftwatch.detectors.dependence.Season.DAY_OF_WEEK;
                    case none, unknown -> io.driftwatch.detectors.dependence.Season.NONE;
                },
                orNaN(avro.getSeasonRatio()));
    }

    /** Big-endian numbers; null for none. */
    private static ByteBuffer bytes(long[] numbers) {
        if (numbers.length == 0) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(numbers.length, Long.BYTES));
        bytes.asLongBuffer().put(numbers);
        return bytes;
    }

    private static long[] longs(ByteBuffer bytesOrNull) {
        if (bytesOrNull == null) {
            return new long[0];
        }
        if (bytesOrNull.remaining() % Long.BYTES != 0) {
            throw new IllegalArgumentException(
                    "remembered has "
                            + bytesOrNull.remaining()
                            + " bytes, expected 8 for each hash; rebuild the profile");
        }
        long[] numbers = new long[bytesOrNull.remaining() / Long.BYTES];
        bytesOrNull.duplicate().asLongBuffer().get(numbers);
        return numbers;
    }

    private static Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private static double orNaN(Double value) {
        return value == null ? Double.NaN : value;
    }

    private static List<Double> doubles(double[] values) {
        return java.util.Arrays.stream(values).boxed().toList();
    }

    private static List<Integer> ints(int[] values) {
        return java.util.Arrays.stream(values).boxed().toList();
    }

    private static List<Long> longs(long[] values) {
        return java.util.Arrays.stream(values).boxed().toList();
    }
}
