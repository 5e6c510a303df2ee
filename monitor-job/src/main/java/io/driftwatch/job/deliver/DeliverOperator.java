package io.driftwatch.job.deliver;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.config.CanaryConfig;
import io.driftwatch.alerts.deliver.Answer;
import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.EndpointConfig;
import io.driftwatch.alerts.deliver.EndpointHealth;
import io.driftwatch.alerts.deliver.Outbox;
import io.driftwatch.alerts.deliver.OutboxEntry;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.alerts.deliver.Sender;
import io.driftwatch.job.live.Live;
import io.driftwatch.job.metrics.EndpointMetrics;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what each endpoint is still to get, and sends it. The key is the endpoint; what is to be
 * decided an {@link Outbox} decides.
 *
 * <p>A notification is first sent after a checkpoint with it is complete. From then on it is a
 * fact, and after a failure the same one is sent with the same id; without this rule a group could
 * be put together differently the second time, and people would hear the same under two ids. If
 * checkpoints fail for a minute it is sent nevertheless, because silence is worse than a
 * repetition.
 *
 * <p>Requests run beside the task's thread and hand their answers to its mailbox, so that no
 * endpoint waits for another. What is under way is not remembered: after a restart it is tried
 * again.
 */
final class DeliverOperator extends AbstractStreamOperator<Sent>
        implements OneInputStreamOperator<Addressed, Sent> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = LoggerFactory.getLogger(DeliverOperator.class);
    private static final String WAITING = "waiting";

    /** How long to wait for a checkpoint before a notification is sent without. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    /** How long to wait for the configuration that has addressed a notification. */
    private static final Duration CONFIG_PATIENCE = Duration.ofSeconds(10);

    /** Stands for the checkpoint of an entry that none has been begun with. */
    private static final long NO_CHECKPOINT = Long.MAX_VALUE;

    /** An entry that no complete checkpoint holds yet. */
    private record Unconfirmed(String endpoint, String id) {}

    // Configuration.
    private final Live<AlertsConfig> live;
    private final RetryPolicy policy;
    private final boolean awaitsCheckpoints;
    private final transient MailboxExecutor mailbox;

    // Checkpointed.
    private transient MapState<String, OutboxEntry> waiting;
    private transient ValueState<EndpointHealth> health;

    // Not checkpointed.
    private transient Map<String, Outbox> outboxes;
    private transient Map<String, EndpointMetrics> measures;
    private transient Map<String, Set<String>> underWay;
    private transient Map<String, ScheduledFuture<?>> timers;
    private transient Map<Unconfirmed, Long> unconfirmed;
    private transient DeliveryConfig deliveredBy;
    private transient Sender sender;
    private transient List<Sender> retired;

    /**
     * @param awaitsCheckpoints whether there are checkpoints, so that it makes sense to wait for
     *     them
     */
    DeliverOperator(
            StreamOperatorParameters<Sent> parameters,
            Live<AlertsConfig> live,
            RetryPolicy policy,
            boolean awaitsCheckpoints) {
        super(parameters);
        this.mailbox = parameters.getMailboxExecutor();
        this.live = live;
        this.policy = policy;
        this.awaitsCheckpoints = awaitsCheckpoints;
    }

    @Override
    public void open() throws Exception {
        super.open();
        ClassTrust.ensure();
        waiting =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        WAITING,
                                        Types.STRING,
                                        TypeInformation.of(OutboxEntry.class)));
        health =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "health", TypeInformation.of(EndpointHealth.class)));
        live.open(getRuntimeContext());
        retired = new ArrayList<>();
        measures = new HashMap<>();
        refresh();
        underWay = new HashMap<>();
        timers = new HashMap<>();
        unconfirmed = new LinkedHashMap<>();
        for (String endpoint : endpointsInState()) {
            look(endpoint);
        }
    }

    /** Takes up what is in force. What is under way by the old sender may still come back. */
    private void refresh() {
        if (!live.look()) {
            return;
        }
        AlertsConfig now = live.get();
        if (sender == null || !now.delivery().equals(deliveredBy)) {
            if (sender != null) {
                retired.add(sender);
            }
            deliveredBy = now.delivery();
            sender = new Sender(policy, deliveredBy, Clock.systemUTC());
        }
        outboxes = new HashMap<>();
        for (ReceiverConfig receiver : now.receivers()) {
            for (EndpointConfig endpoint : receiver.endpoints()) {
                String key = AddressFunction.key(receiver, endpoint);
                outboxes.put(key, new Outbox(receiver.name(), endpoint, policyOf(receiver)));
                measures.computeIfAbsent(
                        key,
                        known ->
                                new EndpointMetrics(
                                        getMetricGroup(),
                                        receiver.name(),
                                        endpoint.name(),
                                        this::now));
            }
        }
    }

    /** A canary that was missed is told nothing: its next flight has messages of its own. */
    private RetryPolicy policyOf(ReceiverConfig receiver) {
        return receiver.name().equals(CanaryConfig.NAME) ? policy.brief() : policy;
    }

    private List<String> endpointsInState() {
        try (Stream<String> keys =
                this.<String>getKeyedStateBackend().getKeys(WAITING, VoidNamespace.INSTANCE)) {
            return keys.distinct().toList();
        }
    }

    @Override
    public void processElement(StreamRecord<Addressed> element) throws Exception {
        String endpoint = element.getValue().endpoint();
        String id = element.getValue().notification().getId();
        if (waiting.contains(id)) {
            return;
        }
        refresh();
        Outbox outbox = outboxFor(endpoint);
        if (outbox == null) {
            LOGGER.warn(
                    "Notification {} is for an endpoint that is not configured any more: {}",
                    id,
                    endpoint.replace('\n', ' '));
            giveUp(endpoint, OutboxEntry.first(element.getValue().notification(), now()));
            return;
        }
        Outbox.Step step = outbox.add(element.getValue().notification(), health(), now());
        waiting.put(id, step.entry());
        health.update(step.health());
        if (awaitsCheckpoints) {
            unconfirmed.put(new Unconfirmed(endpoint, id), NO_CHECKPOINT);
        }
        look(endpoint);
    }

    /** The endpoint may be of a configuration that this process is only about to hear of. */
    private Outbox outboxFor(String endpoint) throws InterruptedException {
        if (!outboxes.containsKey(endpoint)) {
            live.awaitChange(endpoint, CONFIG_PATIENCE);
            refresh();
        }
        return outboxes.get(endpoint);
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        unconfirmed.replaceAll(
                (entry, checkpoint) -> Math.min(checkpoint, context.getCheckpointId()));
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        super.notifyCheckpointComplete(checkpoint);
        List<Unconfirmed> confirmed =
                unconfirmed.entrySet().stream()
                        .filter(entry -> entry.getValue() <= checkpoint)
                        .map(Map.Entry::getKey)
                        .toList();
        confirmed.forEach(unconfirmed::remove);
        for (String endpoint : confirmed.stream().map(Unconfirmed::endpoint).distinct().toList()) {
            look(endpoint);
        }
    }

    private void look(String endpoint) throws Exception {
        setCurrentKey(endpoint);
        cancel(timers.remove(endpoint));
        refresh();
        Outbox outbox = outboxes.get(endpoint);
        if (outbox == null) {
            giveUp(endpoint);
            return;
        }
        long now = now();
        long next = Long.MAX_VALUE;
        List<OutboxEntry> ready = new ArrayList<>();
        for (OutboxEntry entry : waiting.values()) {
            long patientUntil = entry.cameMillis() + PATIENCE.toMillis();
            Unconfirmed key = new Unconfirmed(endpoint, entry.id());
            if (!unconfirmed.containsKey(key)) {
                ready.add(entry);
            } else if (now >= patientUntil) {
                LOGGER.warn(
                        "Notification {} waited {} for a checkpoint and is sent without; see why"
                                + " the job's checkpoints fail",
                        entry.id(),
                        PATIENCE);
                unconfirmed.remove(key);
                ready.add(entry);
            } else {
                next = Math.min(next, patientUntil);
            }
        }
        Set<String> busy = underWay.computeIfAbsent(endpoint, key -> new HashSet<>());
        Outbox.Look look = outbox.look(ready, health(), busy, now);
        health.update(look.health());
        for (Outbox.Ended ended : look.ended()) {
            end(ended.entry(), ended.delivery());
        }
        for (OutboxEntry entry : look.attempts()) {
            busy.add(entry.id());
            attempt(endpoint, outbox, entry);
        }
        schedule(endpoint, Math.min(next, look.nextMillis()));
        measure(endpoint);
    }

    private void measure(String endpoint) throws Exception {
        int size = 0;
        long oldest = Long.MAX_VALUE;
        for (OutboxEntry entry : waiting.values()) {
            if (!entry.stands()) {
                size++;
                oldest = Math.min(oldest, entry.cameMillis());
            }
        }
        measures.get(endpoint).stands(size, oldest, health().isDown());
    }

    /** The configuration has changed while something waited. */
    private void giveUp(String endpoint) throws Exception {
        for (OutboxEntry entry : new ArrayList<>(values())) {
            giveUp(endpoint, entry);
        }
        health.clear();
        if (measures.containsKey(endpoint)) {
            measures.get(endpoint).stands(0, Long.MAX_VALUE, false);
        }
    }

    private void giveUp(String endpoint, OutboxEntry entry) throws Exception {
        String[] names = endpoint.split("\n", 2);
        end(
                entry,
                Delivery.newBuilder()
                        .setNotificationId(entry.id())
                        .setReceiver(names[0])
                        .setEndpoint(names[1])
                        .setOutcome(DeliveryOutcome.rejected)
                        .setAttempts(entry.attempts())
                        .setReason("the configuration has no longer this endpoint")
                        .setFinishedAt(Instant.ofEpochMilli(now()))
                        .build());
    }

    private List<OutboxEntry> values() throws Exception {
        List<OutboxEntry> values = new ArrayList<>();
        waiting.values().forEach(values::add);
        return values;
    }

    private void end(OutboxEntry entry, Delivery deliveryOrNull) throws Exception {
        waiting.remove(entry.id());
        if (deliveryOrNull != null && !entry.stands()) {
            say(entry, deliveryOrNull);
        }
    }

    private void say(OutboxEntry entry, Delivery outcome) {
        EndpointMetrics measured =
                measures.get(outcome.getReceiver() + "\n" + outcome.getEndpoint());
        if (measured != null) {
            measured.ended(entry.notification(), outcome);
        }
        output.collect(new StreamRecord<>(new Sent(entry.notification(), outcome)));
    }

    private void attempt(String endpoint, Outbox outbox, OutboxEntry entry) {
        var unused =
                sender.send(outbox.endpoint(), entry)
                        .thenAccept(
                                answer -> {
                                    try {
                                        mailbox.execute(
                                                () -> answered(endpoint, entry, answer),
                                                "answer of an endpoint");
                                    } catch (RejectedExecutionException closed) {
                                        // The entry is in the state, and is tried again.
                                    }
                                });
    }

    private void answered(String endpoint, OutboxEntry entry, Answer answer) throws Exception {
        setCurrentKey(endpoint);
        underWay.get(endpoint).remove(entry.id());
        refresh();
        Outbox outbox = outboxes.get(endpoint);
        if (outbox != null) {
            measures.get(endpoint).attempted(answer.failureAt(outbox.endpoint()));
        }
        if (!waiting.contains(entry.id()) || outbox == null) {
            // A newer one has taken its place meanwhile, or the endpoint is gone.
            look(endpoint);
            return;
        }
        Outbox.Step step = outboxes.get(endpoint).answered(entry, health(), answer, now());
        health.update(step.health());
        if (step.entry() != null) {
            waiting.put(entry.id(), step.entry());
        } else {
            waiting.remove(entry.id());
        }
        if (step.delivery() != null) {
            say(entry, step.delivery());
        }
        look(endpoint);
    }

    private EndpointHealth health() throws Exception {
        EndpointHealth known = health.value();
        return known == null ? EndpointHealth.unknown() : known;
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    private void schedule(String endpoint, long next) {
        if (next < Long.MAX_VALUE) {
            timers.put(
                    endpoint,
                    getProcessingTimeService().registerTimer(next, time -> look(endpoint)));
        }
    }

    /** Says whether any request is under way. */
    boolean isBusy() {
        return underWay.values().stream().anyMatch(ids -> !ids.isEmpty());
    }

    private static void cancel(ScheduledFuture<?> timerOrNull) {
        if (timerOrNull != null) {
            timerOrNull.cancel(false);
        }
    }

    @Override
    public void close() throws Exception {
        if (sender != null) {
            sender.close();
            retired.forEach(Sender::close);
        }
        live.close();
        super.close();
    }
}
