package io.driftwatch.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * What a JFR recording of a job says, as tables: where the thread of its source was when it was
 * looked at, and where memory was allocated.
 */
final class Hotspots {
    private static final int ROWS = 20;
    private static final String OURS = "io.driftwatch.";

    /** Whose code it is, where none of ours is on the stack. */
    private static final Map<String, String> LIBRARIES =
            Map.of(
                    "org.apache.kafka.", "Kafka's client",
                    "org.apache.flink.", "Flink",
                    "org.apache.avro.", "Avro");

    private final Map<String, Double> byThread = new HashMap<>();
    private final Map<String, Double> byFrame = new HashMap<>();
    private final Map<String, Double> byPart = new HashMap<>();
    private final Map<String, Double> bySite = new HashMap<>();
    private final Set<Long> allocating = new HashSet<>();

    private Hotspots() {}

    static Hotspots read(Path recording) throws IOException {
        Hotspots hotspots = new Hotspots();
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                switch (event.getEventType().getName()) {
                    case "jdk.ExecutionSample" -> hotspots.sample(event);
                    case "jdk.ObjectAllocationSample" -> hotspots.allocation(event);
                    default -> {}
                }
            }
        }
        return hotspots;
    }

    private void sample(RecordedEvent event) {
        String thread = kind(event.getThread("sampledThread"));
        byThread.merge(thread, 1.0, Double::sum);
        List<RecordedFrame> frames = frames(event);
        if (thread.equals("source") && !frames.isEmpty()) {
            byFrame.merge(name(frames.get(0)), 1.0, Double::sum);
            byPart.merge(part(frames), 1.0, Double::sum);
        }
    }

    /** A sample's weight is what its thread has allocated since its sample before. */
    private void allocation(RecordedEvent event) {
        RecordedThread thread = event.getThread();
        if (thread == null || allocating.add(thread.getId())) {
            // The first one stands for all that came before the recording too.
            return;
        }
        RecordedClass type = event.getClass("objectClass");
        List<RecordedFrame> frames = frames(event);
        String place =
                frames.stream()
                        .filter(isIn("java.", "jdk.", "sun.").negate())
                        .findFirst()
                        .map(Hotspots::name)
                        .orElse("elsewhere");
        String what = readable(type.getName()) + ", " + place;
        bySite.merge(what, (double) event.getLong("weight"), Double::sum);
    }

    private static List<RecordedFrame> frames(RecordedEvent event) {
        RecordedStackTrace stack = event.getStackTrace();
        return stack == null ? List.of() : stack.getFrames();
    }

    private static String kind(RecordedThread thread) {
        String name = thread == null ? null : thread.getJavaName();
        if (name == null) {
            return "other";
        }
        if (name.startsWith("Source Data Fetcher")) {
            return "fetcher of Kafka's records";
        }
        return name.startsWith("Source: ") ? "source" : "other";
    }

    /** The innermost method of ours; without one, whose library it is. */
    private static String part(List<RecordedFrame> frames) {
        return frames.stream()
                .filter(isIn(OURS))
                .findFirst()
                .map(Hotspots::name)
                .orElseGet(() -> library(frames));
    }

    private static String library(List<RecordedFrame> frames) {
        for (RecordedFrame frame : frames) {
            for (Map.Entry<String, String> library : LIBRARIES.entrySet()) {
                if (isIn(library.getKey()).test(frame)) {
                    return library.getValue();
                }
            }
        }
        return "Java";
    }

    private static Predicate<RecordedFrame> isIn(String... packages) {
        return frame -> {
            String type = frame.getMethod().getType().getName();
            for (String each : packages) {
                if (type.startsWith(each)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static String name(RecordedFrame frame) {
        return "`"
                + simple(frame.getMethod().getType().getName())
                + "."
                + frame.getMethod().getName()
                + "`";
    }

    /** {@code double[]} for {@code [D}, and classes without their package. */
    private static String readable(String type) {
        int dimensions = type.lastIndexOf('[') + 1;
        String element = type.substring(dimensions);
        String name =
                switch (dimensions == 0 ? "" : element) {
                    case "B" -> "byte";
                    case "C" -> "char";
                    case "D" -> "double";
                    case "F" -> "float";
                    case "I" -> "int";
                    case "J" -> "long";
                    case "S" -> "short";
                    case "Z" -> "boolean";
                    default -> simple(element.replaceAll("^L|;$", ""));
                };
        return "`" + name + "[]".repeat(dimensions) + "`";
    }

    private static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1).replace('$', '.');
    }

    /**
     * Adds the tables.
     *
     * @param bytesPerRecord what the job allocates, of which each place is given its share; NaN if
     *     it is not known
     */
    void describe(Markdown markdown, double bytesPerRecord) {
        table(markdown, "thread", "samples", byThread, Double.NaN);
        table(markdown, "source thread, innermost method of ours", "samples", byPart, Double.NaN);
        table(markdown, "source thread, innermost method", "samples", byFrame, Double.NaN);
        table(markdown, "allocated, by first method beyond Java's", "", bySite, bytesPerRecord);
    }

    private static void table(
            Markdown markdown, String what, String unit, Map<String, Double> all, double each) {
        double total = all.values().stream().mapToDouble(Double::doubleValue).sum();
        List<String> header = new ArrayList<>(List.of(what));
        if (!unit.isEmpty()) {
            header.add(unit);
        }
        header.add("share");
        if (!Double.isNaN(each)) {
            header.add("bytes/record");
        }
        List<List<String>> rows = new ArrayList<>();
        all.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(ROWS)
                .forEach(
                        entry -> {
                            double share = entry.getValue() / total;
                            List<String> row = new ArrayList<>(List.of(entry.getKey()));
                            if (!unit.isEmpty()) {
                                row.add(format("%.0f", entry.getValue()));
                            }
                            row.add(format("%.1f %%", 100 * share));
                            if (!Double.isNaN(each)) {
                                row.add(format("%.0f", each * share));
                            }
                            rows.add(row);
                        });
        markdown.table(header, rows);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
