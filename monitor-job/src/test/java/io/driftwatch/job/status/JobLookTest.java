package io.driftwatch.job.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.driftwatch.job.config.TestingConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobLookTest {
    private static final String CONFIG =
            """
            models:
              - name: flights
                profile: p.avro
                streams: [{role: inference, topic: t, event_time: at}]
                window: {size: 1h}
            """;

    private final List<String> problems = new ArrayList<>();
    private HttpServer flink;
    private String overview;

    @BeforeEach
    void flinkAnswers() throws IOException {
        flink = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        flink.createContext(
                "/",
                exchange -> {
                    boolean all = exchange.getRequestURI().getPath().equals("/jobs/overview");
                    byte[] body = (all ? overview : "{}").getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        flink.start();
    }

    @AfterEach
    void flinkEnds() {
        flink.stop(0);
    }

    private void look(String... jobs) {
        overview = "{\"jobs\":[" + String.join(",", jobs) + "]}";
        URI address = URI.create("http://127.0.0.1:" + flink.getAddress().getPort());
        new JobLook(TestingConfig.read(CONFIG), problems).jobs(List.of(address));
    }

    private static String monitor(String state, long since) {
        return "{\"jid\":\"1\",\"name\":\"driftwatch monitor\",\"state\":\"%s\",\"start-time\":%d}"
                .formatted(state, since);
    }

    @Test
    void aJobThatTriesToStartIsToldFromOneThatNobodySubmitted() {
        look(monitor("FINISHED", 1_000), monitor("RESTARTING", 2_000));
        look();

        assertThat(problems)
                .containsExactly(
                        "no job 'driftwatch monitor' is running: it is RESTARTING; why is on Flink's"
                                + " web page, under Exceptions",
                        "no job 'driftwatch monitor' is running");
    }

    @Test
    void aJobThatWasStoppedHasNothingToExplain() {
        look(monitor("FINISHED", 1_000));

        assertThat(problems)
                .containsExactly("no job 'driftwatch monitor' is running: it is FINISHED");
    }
}
