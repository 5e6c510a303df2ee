package io.driftwatch.schemas;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.util.ClassSecurityValidator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Runs without {@code -Dorg.apache.avro.SERIALIZABLE_PACKAGES}, as every user does. */
@Isolated("Avro keeps one validator for the whole class loader")
class ClassTrustTest {

    @AfterEach
    void trustAgain() {
        ClassTrust.ensure();
    }

    @Test
    void avroAloneDoesNotTrustTheGeneratedClasses() {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.DEFAULT);

        assertThat(System.getProperty("org.apache.avro.SERIALIZABLE_PACKAGES")).isNull();
        assertThatThrownBy(() -> ClassSecurityValidator.validate(Score.class))
                .isInstanceOf(SecurityException.class);
    }

    @Test
    void trustsEveryGeneratedClassAndNothingElse() {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.DEFAULT);

        ClassTrust.ensure();

        ClassSecurityValidator.validate(Score.class);
        ClassSecurityValidator.validate(FeatureReference.class);
        ClassSecurityValidator.validate(Direction.class);
        ClassSecurityValidator.validate(String.class);
        assertThatThrownBy(() -> ClassSecurityValidator.validate(SchemaChanges.class))
                .isInstanceOf(SecurityException.class);
        assertThatThrownBy(() -> ClassSecurityValidator.validate(ProcessBuilder.class))
                .isInstanceOf(SecurityException.class);
    }

    @Test
    void keepsWhatOthersTrustAndDoesNotGrowWhenRepeated() {
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(
                        ClassSecurityValidator.DEFAULT,
                        ClassSecurityValidator.builder().add(UUID.class).build()));

        ClassTrust.ensure();
        var first = ClassSecurityValidator.getGlobal();
        ClassTrust.ensure();

        assertThat(ClassSecurityValidator.getGlobal()).isSameAs(first);
        ClassSecurityValidator.validate(UUID.class);
        ClassSecurityValidator.validate(Score.class);
    }

    @Test
    void letsPlainAvroReadAndWriteContainerFiles() throws Exception {
        ClassTrust.ensure();
        var scores =
                SampleRecords.all().filter(Score.class::isInstance).map(Score.class::cast).toList();
        var bytes = new ByteArrayOutputStream();
        try (var writer = new DataFileWriter<>(new SpecificDatumWriter<>(Score.class))) {
            writer.create(Score.getClassSchema(), bytes);
            for (var score : scores) {
                writer.append(score);
            }
        }

        try (var reader =
                new DataFileReader<>(
                        new SeekableByteArrayInput(bytes.toByteArray()),
                        new SpecificDatumReader<>(Score.class))) {
            assertThat((Iterable<Score>) reader).containsExactlyElementsOf(scores);
        }
        assertThat(Score.newBuilder(scores.get(1)).build()).isEqualTo(scores.get(1));
    }

    @Test
    void listsTheRecordOfEverySchemaFile() throws Exception {
        try (var files = Files.list(Path.of("src/main/avro"))) {
            var expected = files.map(file -> file.getFileName().toString()).collect(toSet());

            assertThat(ClassTrust.schemas())
                    .extracting(
                            schema ->
                                    schema.getName()
                                                    .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                                                    .toLowerCase(Locale.ROOT)
                                            + ".avsc")
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }
}
