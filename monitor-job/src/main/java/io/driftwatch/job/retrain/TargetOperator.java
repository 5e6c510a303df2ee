package io.driftwatch.job.retrain;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.retrain.RecipeCall;
import io.driftwatch.alerts.retrain.RetrainReport;
import io.driftwatch.alerts.retrain.RetrainRoute;
import io.driftwatch.alerts.retrain.TargetCaller;
import io.driftwatch.alerts.retrain.TargetReply;
import io.driftwatch.alerts.retrain.TargetRun;
import io.driftwatch.alerts.retrain.TargetRuns;
import io.driftwatch.job.live.Live;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.RetrainCommand;
import io.driftwatch.schemas.RetrainCommandKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks targets for retrainings, and then how they go, until they are over. The key is the target;
 * when to call it {@link TargetRuns} decides. What a target says goes by the control topic, from
 * which the guard rails hear it as they hear a pipeline.
 *
 * <p>Calls run beside the task's thread and hand their replies to its mailbox. What is under way is
 * not remembered: after a restart the same call is made again, by the same handle.
 */
final class TargetOperator extends AbstractStreamOperator<RetrainCommand>
        implements OneInputStreamOperator<Assigned, RetrainCommand> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = LoggerFactory.getLogger(TargetOperator.class);
    private static final String RUNS = "runs";

    /** How long to wait for the configuration that has assigned a request. */
    private static final Duration CONFIG_PATIENCE = Duration.ofSeconds(10);

    // Configuration.
    private final Live<AlertsConfig> live;
    private final transient MailboxExecutor mailbox;

    // Checkpointed.
    private transient MapState<String, TargetRun> runs;

    // Not checkpointed.
    private transient Map<String, TargetRuns> targets;
    private transient Map<String, Set<String>> underWay;
    private transient Map<String, ScheduledFuture<?>> timers;
    private transient DeliveryConfig deliveredBy;
    private transient TargetCaller caller;
    private transient List<TargetCaller> retired;

    TargetOperator(StreamOperatorParameters<RetrainCommand> parameters, Live<AlertsConfig> live) {
        super(parameters);
        this.mailbox = parameters.getMailboxExecutor();
        this.live = live;
    }

    @Override
    public void open() throws Exception {
        super.open();
        ClassTrust.ensure();
        runs =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        RUNS, Types.STRING, TypeInformation.of(TargetRun.class)));
        live.open(getRuntimeContext());
        retired = new ArrayList<>();
        refresh();
        underWay = new HashMap<>();
        timers = new HashMap<>();
        for (String target : targetsInState()) {
            look(target);
        }
    }

    /** Takes up what is in force. What is under way by the old caller may still come back. */
    private void refresh() {
        if (!live.look()) {
            return;
        }
        AlertsConfig now = live.get();
        if (caller == null || !now.delivery().equals(deliveredBy)) {
            if (caller != null) {
                retired.add(caller);
            }
            deliveredBy = now.delivery();
            caller = new TargetCaller(deliveredBy);
        }
        targets = new HashMap<>();
        for (RetrainRoute route : now.retrainRoutes()) {
            targets.put(
                    route.target().name(),
                    new TargetRuns(route.target(), now.retrain().lockTimeout()));
        }
    }

    private List<String> targetsInState() {
        try (Stream<String> keys =
                this.<String>getKeyedStateBackend().getKeys(RUNS, VoidNamespace.INSTANCE)) {
            return keys.distinct().toList();
        }
    }

    @Override
    public void processElement(StreamRecord<Assigned> element) throws Exception {
        Assigned assigned = element.getValue();
        String id = assigned.request().getRequestId();
        if (!runs.contains(id)) {
            runs.put(id, TargetRuns.begin(assigned.request(), now()));
            if (!targets.containsKey(assigned.target())) {
                // Of a configuration that this process is only about to hear of.
                live.awaitChange(assigned.target(), CONFIG_PATIENCE);
            }
            look(assigned.target());
        }
    }

    /** Makes the calls that are due, and sets the timer for the next one. */
    private void look(String target) throws Exception {
        setCurrentKey(target);
        cancel(timers.remove(target));
        refresh();
        if (!targets.containsKey(target)) {
            giveUp(target);
            return;
        }
        long now = now();
        long next = Long.MAX_VALUE;
        Set<String> busy = underWay.computeIfAbsent(target, key -> new HashSet<>());
        for (TargetRun run : new ArrayList<>(waiting())) {
            if (busy.contains(run.id())) {
                continue;
            }
            if (run.dueMillis() <= now) {
                busy.add(run.id());
                call(target, run);
            } else {
                next = Math.min(next, run.dueMillis());
            }
        }
        if (next < Long.MAX_VALUE) {
            timers.put(
                    target, getProcessingTimeService().registerTimer(next, time -> look(target)));
        }
    }

    private List<TargetRun> waiting() throws Exception {
        List<TargetRun> waiting = new ArrayList<>();
        runs.values().forEach(waiting::add);
        return waiting;
    }

    /** The configuration has changed while something was under way. */
    private void giveUp(String target) throws Exception {
        for (TargetRun run : waiting()) {
            LOGGER.warn(
                    "The configuration has no longer the retrain target {}; how request {} goes is"
                            + " not asked any more",
                    target,
                    run.id());
        }
        runs.clear();
    }

    private void call(String target, TargetRun run) {
        RecipeCall call;
        try {
            call = targets.get(target).call(run);
        } catch (IllegalArgumentException e) {
            mailbox.execute(
                    () -> replied(target, run.id(), TargetReply.failed(e.getMessage())),
                    "call that cannot be made");
            return;
        }
        var unused =
                caller.send(call)
                        .thenAccept(
                                reply -> {
                                    try {
                                        mailbox.execute(
                                                () -> replied(target, run.id(), reply),
                                                "reply of a target");
                                    } catch (RejectedExecutionException closed) {
                                        // The run is in the state, and the call is made again.
                                    }
                                });
    }

    private void replied(String target, String id, TargetReply reply) throws Exception {
        setCurrentKey(target);
        underWay.get(target).remove(id);
        TargetRun run = runs.get(id);
        refresh();
        if (run == null || !targets.containsKey(target)) {
            look(target);
            return;
        }
        TargetRuns.Step step = targets.get(target).replied(run, reply, now());
        if (step.run() == null) {
            runs.remove(id);
        } else {
            runs.put(id, step.run());
        }
        if (step.warning() != null) {
            LOGGER.warn("Retraining of {}: {}", run.request().getModel(), step.warning());
        }
        if (step.report() != null) {
            output.collect(new StreamRecord<>(command(target, run, step.report())));
        }
        look(target);
    }

    private RetrainCommand command(String target, TargetRun run, RetrainReport report) {
        return RetrainCommand.newBuilder()
                .setRequestId(run.id())
                .setModel(run.request().getModel())
                .setKind(RetrainCommandKind.valueOf(report.state().label()))
                .setBy("target " + target)
                .setExternalId(report.externalId())
                .setUrl(report.url())
                .setReason(report.reason())
                .setAt(Instant.ofEpochMilli(now()))
                .build();
    }

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    private static void cancel(ScheduledFuture<?> timerOrNull) {
        if (timerOrNull != null) {
            timerOrNull.cancel(false);
        }
    }

    @Override
    public void close() throws Exception {
        if (caller != null) {
            caller.close();
            retired.forEach(TargetCaller::close);
        }
        live.close();
        super.close();
    }
}
