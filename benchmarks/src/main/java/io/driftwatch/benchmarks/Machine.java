package io.driftwatch.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.kafka.common.utils.AppInfoParser;

/** What a figure was measured on. */
public final class Machine {
    private Machine() {}

    /** Prints one line about processor, memory and versions. */
    public static void main(String[] args) {
        System.out.printf(
                Locale.ROOT,
                "%s, %d cores, %d GiB, %s %s; Java %s, Flink %s, Kafka %s, Avro %s; %s.%n",
                processor(),
                Runtime.getRuntime().availableProcessors(),
                Math.round(memoryBytes() / 1073741824.0),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.version(),
                EnvironmentInformation.getVersion(),
                AppInfoParser.getVersion(),
                org.apache.avro.Schema.class.getPackage().getImplementationVersion(),
                LocalDate.now(ZoneOffset.UTC));
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static long memoryBytes() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getTotalMemorySize();
    }

    /** The load average of the last minute: how many processes wanted a core. */
    static String load() {
        return String.format(
                Locale.ROOT,
                "%.1f",
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** CPU time that this process has taken. */
    static long processCpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
