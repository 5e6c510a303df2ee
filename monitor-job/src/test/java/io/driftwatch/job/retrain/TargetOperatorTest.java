package io.driftwatch.job.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.driftwatch.alerts.deliver.AddressGuard;
import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.TlsConfig;
import io.driftwatch.alerts.retrain.RetrainPolicy;
import io.driftwatch.alerts.retrain.RetrainRoute;
import io.driftwatch.alerts.retrain.RetrainTarget;
import io.driftwatch.alerts.rule.Selector;
import io.driftwatch.job.judge.TestingScores;
import io.driftwatch.job.live.TestingSettings;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.Direction;
import io.driftwatch.schemas.RetrainCommand;
import io.driftwatch.schemas.RetrainRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs in the state of a job: real calls, and a clock that only tests move. */
@Timeout(60)
class TargetOperatorTest {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private HttpServer target;
    private volatile String state = "SCHEDULED";
    private volatile int status = 201;

    @BeforeEach
    void listen() throws Exception {
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext("/", this::handle);
        target.start();
    }

    @AfterEach
    void close() {
        target.stop(0);
    }

    /** A Prefect of one deployment, each of whose runs is named after its idempotency key. */
    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
            boolean isSubmission = exchange.getRequestMethod().equals("POST");
            String json =
                    isSubmission ? "{\"id\":\"run-7\"}" : "{\"state_type\":\"" + state + "\"}";
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(isSubmission ? status : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private RetrainRoute route(String name) {
        String url = "http://127.0.0.1:" + target.getAddress().getPort();
        RetrainTarget prefect =
                new RetrainTarget(
                        name,
                        "prefect",
                        Map.of("base_url", url, "deployment_id", "d1"),
                        Map.of(),
                        Map.of(),
                        null);
        return new RetrainRoute(prefect, Selector.ALL);
    }

    private static Assigned assigned(String target, String id) {
        Alert alert =
                Alert.newBuilder()
                        .setFingerprint("0123456789abcdef")
                        .setEpisode(1)
                        .setSequence(1)
                        .setState(AlertState.firing)
                        .setLabels(Map.of("alertname", "Drift"))
                        .setAnnotations(Map.of())
                        .setScore(TestingScores.score("distance", 1, 0.5, 0))
                        .setThreshold(0.2)
                        .setDirection(Direction.above)
                        .setStartsAt(Instant.EPOCH)
                        .setReason("a test")
                        .build();
        return new Assigned(
                target,
                RetrainRequest.newBuilder()
                        .setRequestId(id)
                        .setModel("flights")
                        .setModelVersion("v1")
                        .setRequestedAt(Instant.EPOCH)
                        .setRequestedBy("driftwatch")
                        .setAlert(alert)
                        .build());
    }

    /** One life of the operator, from a start until it is dropped. */
    private static final class Life
            extends KeyedOneInputStreamOperatorTestHarness<String, Assigned, RetrainCommand> {
        Life(List<RetrainRoute> routes) throws Exception {
            super(
                    new TargetOperatorFactory(
                            TestingSettings.retraining(
                                    RetrainPolicy.builder().build(),
                                    routes,
                                    new DeliveryConfig(
                                            new AddressGuard(List.of("127.0.0.1")),
                                            TlsConfig.STANDARD))),
                    Assigned::target,
                    Types.STRING,
                    /* maxParallelism= */ 1,
                    /* numSubtasks= */ 1,
                    /* subtaskIndex= */ 0);
        }

        static Life begin(List<RetrainRoute> routes, OperatorSubtaskState state, long millis)
                throws Exception {
            Life life = new Life(routes);
            if (state != null) {
                life.initializeState(state);
            }
            life.getProcessingTimeService().setCurrentTime(millis);
            life.open();
            return life;
        }

        void awaitReply() throws Exception {
            getTaskMailbox().take(TaskMailbox.MIN_PRIORITY).run();
        }

        List<String> told() {
            return extractOutputValues().stream().map(c -> c.getKind().name()).toList();
        }
    }

    @Test
    void asksATargetAndLooksUntilTheRunIsOverThroughARestart() throws Exception {
        List<RetrainRoute> routes = List.of(route("nightly"));
        OperatorSubtaskState saved;
        try (Life life = Life.begin(routes, null, 1000)) {
            life.processElement(assigned("nightly", "a-1"), 0);
            life.awaitReply();
            assertThat(life.told()).containsExactly("accepted");
            assertThat(life.extractOutputValues().get(0).getExternalId()).isEqualTo("run-7");
            assertThat(life.extractOutputValues().get(0).getBy()).isEqualTo("target nightly");
            life.processElement(assigned("nightly", "a-1"), 0);
            saved = life.snapshot(1, 0);
        }
        assertThat(calls).as("the same request twice is asked for once").hasSize(1);

        state = "RUNNING";
        try (Life life = Life.begin(routes, saved, 20_000)) {
            life.awaitReply();
            assertThat(life.told()).containsExactly("running");
            state = "COMPLETED";
            life.setProcessingTime(40_000);
            life.awaitReply();
            assertThat(life.told()).containsExactly("running", "succeeded");
            assertThat(life.numKeyedStateEntries()).isZero();
        }
        assertThat(calls).filteredOn(call -> call.startsWith("POST")).hasSize(1);
        assertThat(calls).filteredOn(call -> call.startsWith("GET /flow_runs/run-7")).hasSize(2);
    }

    @Test
    void whatWasUnderWayAtARestartIsAskedAgainByTheSameHandle() throws Exception {
        status = 503;
        List<RetrainRoute> routes = List.of(route("nightly"));
        OperatorSubtaskState saved;
        try (Life life = Life.begin(routes, null, 1000)) {
            life.processElement(assigned("nightly", "a-1"), 0);
            saved = life.snapshot(1, 0);
            life.awaitReply();
            assertThat(life.told()).isEmpty();
        }
        status = 201;
        try (Life life = Life.begin(routes, saved, 1000)) {
            life.awaitReply();
            assertThat(life.told()).containsExactly("accepted");
        }
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0)).contains("\"idempotency_key\":\"a-1\"").isEqualTo(calls.get(1));
    }

    @Test
    void aTargetThatIsNoLongerConfiguredIsForgotten() throws Exception {
        OperatorSubtaskState saved;
        try (Life life = Life.begin(List.of(route("nightly")), null, 1000)) {
            life.processElement(assigned("nightly", "a-1"), 0);
            life.awaitReply();
            saved = life.snapshot(1, 0);
        }
        try (Life life = Life.begin(List.of(route("another")), saved, 50_000)) {
            assertThat(life.numKeyedStateEntries()).isZero();
        }
        assertThat(calls).hasSize(1);
    }
}
