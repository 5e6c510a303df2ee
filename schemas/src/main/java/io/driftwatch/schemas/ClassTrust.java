package io.driftwatch.schemas;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Tells Avro that the generated classes of this module may be loaded by name.
 *
 * <p>Since 1.12.2 Avro refuses to load any class that is not trusted, an application's own
 * generated classes included ({@code SecurityException: Forbidden io.driftwatch.schemas.Score!}).
 * Its remedy is the JVM flag {@code -Dorg.apache.avro.SERIALIZABLE_PACKAGES}, which every
 * TaskManager would need; this class does the same through Avro's API, for exactly the classes of
 * this module and nothing else. {@link io.driftwatch.schemas.codec.RecordCodec} and {@link
 * io.driftwatch.schemas.json.AvroJson} call {@link #ensure()} themselves. Call it before using Avro
 * on these classes directly: container files, {@code SpecificDatumReader}, {@code
 * SpecificDatumWriter}, {@code newBuilder(other)}, Java serialization.
 *
 * <p>Safe to call from any thread, as often as one likes. What others trusted before stays trusted.
 */
public final class ClassTrust {

    /** The record of each file in {@code src/main/avro}. A test fails when one is missing here. */
    private static final List<Schema> TOP_LEVEL =
            List.of(
                    Alert.getClassSchema(),
                    AppliedConfig.getClassSchema(),
                    ConfigStatus.getClassSchema(),
                    DeadLetter.getClassSchema(),
                    Delivery.getClassSchema(),
                    FeatureRecord.getClassSchema(),
                    LabelRecord.getClassSchema(),
                    Notification.getClassSchema(),
                    PredictionRecord.getClassSchema(),
                    ProfilePart.getClassSchema(),
                    ReferenceProfile.getClassSchema(),
                    RetrainCommand.getClassSchema(),
                    RetrainRequest.getClassSchema(),
                    RetrainStatusChange.getClassSchema(),
                    Score.getClassSchema(),
                    Silence.getClassSchema());

    private ClassTrust() {}

    /** Makes Avro trust the generated classes of this module, unless it does already. */
    // Copies of this class in other class loaders must share the lock.
    @SuppressWarnings("LockOnNonEnclosingClassLiteral")
    public static void ensure() {
        // Avro keeps one predicate for its whole class loader and offers no atomic update, so every
        // copy of this class takes one lock, and asks anew: others may have replaced the predicate.
        synchronized (ClassSecurityValidator.class) {
            var current = ClassSecurityValidator.getGlobal();
            if (NamedTypes.of(TOP_LEVEL).values().stream()
                    .allMatch(type -> isTrusted(current, type))) {
                return;
            }
            // By name: a lambda of ours would keep this class loader alive for as long as Avro's.
            var ours = ClassSecurityValidator.builder();
            NamedTypes.of(TOP_LEVEL).keySet().forEach(ours::add);
            ClassSecurityValidator.setGlobal(
                    ClassSecurityValidator.composite(current, ours.build()));
        }
    }

    /** The current schema of every record that stands in a file of its own. */
    public static List<Schema> schemas() {
        return TOP_LEVEL;
    }

    private static boolean isTrusted(
            ClassSecurityValidator.ClassSecurityPredicate predicate, Schema type) {
        try {
            return predicate.isTrusted(
                    Class.forName(type.getFullName(), false, ClassTrust.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "No class was generated for "
                            + type.getFullName()
                            + "; build the schemas module again",
                    e);
        }
    }
}
