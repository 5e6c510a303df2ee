package io.driftwatch.job.retrain;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.retrain.RetrainChange;
import io.driftwatch.alerts.retrain.RetrainDecision;
import io.driftwatch.alerts.retrain.RetrainReport;
import io.driftwatch.alerts.retrain.Retraining;
import io.driftwatch.alerts.retrain.RetrainingState;
import io.driftwatch.alerts.retrain.RunState;
import io.driftwatch.job.live.Live;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.RetrainCommand;
import io.driftwatch.schemas.RetrainRequest;
import io.driftwatch.schemas.RetrainStatusChange;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for retrainings, behind the guard rails of the policy. The key is the model; what is to be
 * decided {@link Retraining} decides. Requests are the main output, what becomes of them the other.
 */
public final class RetrainFunction
        extends KeyedProcessFunction<String, RetrainEvent, RetrainRequest> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(RetrainFunction.class);

    /** What has become of requests. */
    public static final OutputTag<RetrainStatusChange> CHANGES =
            new OutputTag<>("retrain-status", TypeInformation.of(RetrainStatusChange.class));

    private final Live<AlertsConfig> live;
    private transient Retraining retraining;
    private transient ValueState<RetrainingState> state;
    private transient ValueState<Long> timer;

    public RetrainFunction(Live<AlertsConfig> live) {
        this.live = live;
    }

    private void refresh() {
        if (live.look()) {
            retraining = new Retraining(live.get().retrain());
        }
    }

    @Override
    public void open(OpenContext context) throws IOException {
        ClassTrust.ensure();
        live.open(getRuntimeContext());
        refresh();
        state =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "retraining", TypeInformation.of(RetrainingState.class)));
        timer =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "timer", TypeInformation.of(Long.class)));
    }

    @Override
    public void processElement(RetrainEvent event, Context context, Collector<RetrainRequest> out)
            throws Exception {
        refresh();
        long now = context.timerService().currentProcessingTime();
        if (event.alert() != null) {
            take(retraining.onAlert(state.value(), event.alert(), now), context, out);
        } else if (event.command() != null) {
            take(command(event.command(), now), context, out);
        } else if (isNew(event.version())) {
            take(retraining.onVersion(state.value(), event.version(), now), context, out);
        }
    }

    /** Versions may take turns; only the first sight of one means that there is a new model. */
    private boolean isNew(String version) throws Exception {
        RetrainingState known = state.value();
        return known == null
                || known.versions().stream().noneMatch(seen -> seen.version().equals(version));
    }

    private Retraining.Step command(RetrainCommand command, long now) throws Exception {
        String id = command.getRequestId();
        return switch (command.getKind()) {
            case approve, reject -> {
                boolean isApproval = command.getKind().name().equals("approve");
                RetrainDecision decision = new RetrainDecision(id, isApproval, command.getBy());
                yield retraining.onDecision(state.value(), decision, now);
            }
            case accepted, running, succeeded, failed -> {
                RunState run = RunState.valueOf(command.getKind().name().toUpperCase(Locale.ROOT));
                RetrainReport report =
                        new RetrainReport(
                                id,
                                run,
                                command.getExternalId(),
                                command.getUrl(),
                                command.getReason());
                yield retraining.onReport(state.value(), report, now);
            }
            case unknown -> retraining.onTimer(state.value(), now);
        };
    }

    @Override
    public void onTimer(long now, OnTimerContext context, Collector<RetrainRequest> out)
            throws Exception {
        Long wanted = timer.value();
        if (wanted != null && wanted == now) {
            timer.clear();
            refresh();
            take(retraining.onTimer(state.value(), now), context, out);
        }
    }

    private void take(Retraining.Step step, Context context, Collector<RetrainRequest> out)
            throws Exception {
        state.update(step.state());
        step.submissions().forEach(out::collect);
        step.changes().forEach(change -> context.output(CHANGES, record(change)));
        if (step.refusal() != null) {
            LOG.info("Retraining of {}: {}", context.getCurrentKey(), step.refusal());
        }
        set(step.nextMillis(), context);
    }

    /** One timer a model: a new one replaces the old. */
    private void set(long next, Context context) throws Exception {
        Long before = timer.value();
        if (before != null && before == next) {
            return;
        }
        if (next == Retraining.NEVER) {
            timer.clear();
            return;
        }
        timer.update(next);
        context.timerService().registerProcessingTimeTimer(next);
    }

    private static RetrainStatusChange record(RetrainChange change) {
        return RetrainStatusChange.newBuilder()
                .setRequestId(change.requestId())
                .setModel(change.model())
                .setStatus(change.status().label())
                .setGuardRail(change.guardRail() == null ? null : change.guardRail().label())
                .setReason(change.reason())
                .setExternalId(change.externalId())
                .setUrl(change.url())
                .setAt(Instant.ofEpochMilli(change.atMillis()))
                .build();
    }

    @Override
    public void close() {
        live.close();
    }
}
