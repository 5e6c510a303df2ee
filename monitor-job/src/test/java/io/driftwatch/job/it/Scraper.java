package io.driftwatch.job.it;

import io.driftwatch.job.metrics.PrometheusScrape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Reads what the jobs of one installation export to Prometheus. */
final class Scraper {
    private static final int PORTS = 8;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final int first;

    Scraper() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            first = free.getLocalPort();
        }
    }

    /** The part of a configuration that has both jobs export their metrics, on some free ports. */
    String config() {
        return """
            flink:
              metrics.reporter.prom.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory
              metrics.reporter.prom.port: "%d-%d"
              metrics.reporter.prom.filterLabelValueCharacters: "false"
            """
                .formatted(first, first + PORTS - 1);
    }

    /** All numbers of all jobs, as they are now. */
    PrometheusScrape now() throws InterruptedException {
        List<PrometheusScrape.Sample> samples = new ArrayList<>();
        for (int port = first; port < first + PORTS; port++) {
            samples.addAll(PrometheusScrape.of(client, port).samples());
        }
        return new PrometheusScrape(samples);
    }

    /** The same, once it is as wanted: scraped again and again, as Prometheus does. */
    PrometheusScrape until(Predicate<PrometheusScrape> wanted)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        PrometheusScrape scrape = now();
        while (!wanted.test(scrape)) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "the metrics did not come to what was waited for: "
                                + scrape.samples().stream()
                                        .filter(s -> s.name().contains("driftwatch"))
                                        .toList());
            }
            // A scrape costs a few milliseconds; without a pause it would only heat the machine.
            java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            scrape = now();
        }
        return scrape;
    }
}
