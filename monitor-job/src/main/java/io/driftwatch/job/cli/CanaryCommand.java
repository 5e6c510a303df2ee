package io.driftwatch.job.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.driftwatch.alerts.config.Durations;
import io.driftwatch.alerts.deliver.HttpAddress;
import io.driftwatch.job.canary.CanaryFlight;
import io.driftwatch.job.canary.CanaryMetrics;
import io.driftwatch.job.canary.CanaryReceiver;
import io.driftwatch.job.canary.CanaryResult;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.kafka.KafkaUser;
import io.driftwatch.schemas.ClassTrust;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code driftwatch canary}. */
@Command(
        name = "canary",
        mixinStandardHelpOptions = true,
        description =
                "Sends a made-up drift through the running jobs and waits for the message about"
                        + " it: is everything alive, from topic to chat?",
        footer = {
            "",
            "The message comes to this program, at canary.url of the configuration, and to people",
            "only if canary.receiver names some.",
            "",
            "Examples:",
            "  driftwatch canary -c driftwatch.yaml               once; exit code 1 if it is missed",
            "  driftwatch canary -c driftwatch.yaml --every 15m   for ever, with metrics for",
            "                                                     Prometheus at /metrics; after a",
            "                                                     miss again within a minute"
        })
public final class CanaryCommand implements Callable<Integer> {
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(10);

    /** Was it a restart, or is it dead? Nobody wants to wait for the answer. */
    private static final Duration AFTER_A_MISS = Duration.ofMinutes(1);

    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin private ConfigOption config;
    @Spec private CommandSpec spec;

    @Option(
            names = "--every",
            paramLabel = "D",
            description = "again and again, such as 15m, rather than once")
    private String every;

    @Option(
            names = "--within",
            paramLabel = "D",
            defaultValue = "5m",
            description =
                    "how long each message may take (default ${DEFAULT-VALUE}); messages wait for"
                            + " a checkpoint of the notify job")
    private String within;

    @Option(
            names = "--listen",
            paramLabel = "[HOST:]PORT",
            description =
                    "where to listen, if not on the port of canary.url: behind a proxy or a service"
                            + " of Kubernetes")
    private String listen;

    @Option(
            names = "--output",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "how to print (default ${DEFAULT-VALUE})")
    private Output output;

    enum Output {
        TEXT,
        JSON
    }

    @Override
    public Integer call() throws InterruptedException {
        ClassTrust.ensure();
        MonitorConfig loaded = config.loadWithKafka();
        if (!loaded.hasCanary()) {
            throw new UserError(
                    config.file()
                            + ": has no canary section; add for example canary: {url:"
                            + " \"http://127.0.0.1:8089/\"} and delivery: {allow: [127.0.0.1]}, and"
                            + " submit both jobs with it");
        }
        Duration patience = duration("--within", within);
        Duration interval = every == null ? null : duration("--every", every);
        if (interval != null && interval.compareTo(SHORTEST_INTERVAL) < 0) {
            throw new UserError(
                    "--every " + every + ": use at least " + Durations.format(SHORTEST_INTERVAL));
        }
        if (interval == null) {
            MonitorCommand.requireTopics(loaded, KafkaUser.CANARY);
        }
        Clock clock = Clock.systemUTC();
        CanaryMetrics metrics =
                new CanaryMetrics(interval == null ? Duration.ZERO : interval, clock);
        InetSocketAddress at = address(loaded);
        try (CanaryReceiver receiver = new CanaryReceiver(at, metrics::text)) {
            CanaryFlight flight = new CanaryFlight(loaded, receiver, patience, clock);
            CanaryResult result;
            do {
                long begin = System.nanoTime();
                result = flight.fly();
                metrics.add(result);
                print(result);
                if (interval != null) {
                    Duration wait = result.isFine() ? interval : shorter(interval, AFTER_A_MISS);
                    TimeUnit.NANOSECONDS.sleep(begin + wait.toNanos() - System.nanoTime());
                }
            } while (interval != null);
            return result.isFine() ? ExitCode.FINE : ExitCode.INPUT;
        } catch (IOException e) {
            throw new UserError(
                    "nobody can listen on "
                            + at
                            + " ("
                            + e.getMessage()
                            + "): another canary may run here; otherwise change canary.url, or use"
                            + " --listen",
                    e);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration duration(String option, String text) {
        try {
            Duration duration = Durations.parse(text);
            if (duration.isZero()) {
                throw new UserError(option + " " + text + ": use a longer time, such as 5m");
            }
            return duration;
        } catch (IllegalArgumentException mistake) {
            throw new UserError(option + ": " + mistake.getMessage(), mistake);
        }
    }

    /** This machine only, if that is where the notify job looks for it. */
    private InetSocketAddress address(MonitorConfig loaded) {
        if (listen != null) {
            return given();
        }
        URI url;
        try {
            url = HttpAddress.parse(loaded.alerts().canary().url().reveal());
        } catch (IllegalArgumentException e) {
            throw new UserError("canary.url (value hidden) " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UserError("canary.url_file cannot be read: " + e.getMessage(), e);
        }
        int port = url.getPort();
        if (port < 0) {
            port = "https".equalsIgnoreCase(url.getScheme()) ? HTTPS : HTTP;
        }
        try {
            InetAddress host = InetAddress.getByName(url.getHost());
            if (host.isLoopbackAddress()) {
                return new InetSocketAddress(host, port);
            }
        } catch (UnknownHostException e) {
            // A name that only the cluster knows.
        }
        return new InetSocketAddress(port);
    }

    private InetSocketAddress given() {
        int colon = listen.lastIndexOf(':');
        try {
            int port = Integer.parseInt(listen.substring(colon + 1));
            return colon <= 0
                    ? new InetSocketAddress(port)
                    : new InetSocketAddress(
                            InetAddress.getByName(listen.substring(0, colon)), port);
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw new UserError("--listen " + listen + ": use PORT or HOST:PORT, such as 8089", e);
        }
    }

    private void print(CanaryResult result) {
        PrintWriter out = spec.commandLine().getOut();
        if (output == Output.JSON) {
            try {
                out.println(JSON.writeValueAsString(result));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        } else {
            out.println(result.at() + " " + text(result));
        }
        out.flush();
    }

    private static String text(CanaryResult result) {
        if (result.isFine()) {
            return "detected after " + result.delaySeconds() + " s, and its end too";
        }
        return result.detected()
                ? "detected after " + result.delaySeconds() + " s, but: " + result.reason()
                : "NOT DETECTED: " + result.reason();
    }
}
