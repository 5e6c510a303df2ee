package io.driftwatch.job.retrain;

import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.retrain.RetrainReport;
import io.driftwatch.alerts.retrain.RetrainRoute;
import io.driftwatch.alerts.retrain.TargetCaller;
import io.driftwatch.schemas.ClassTrust;
import io.driftwatch.schemas.RetrainCommand;
import io.driftwatch.schemas.RetrainCommandKind;
import io.driftwatch.schemas.RetrainRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * Submits requests to the targets of their models, and reports what these say: by the control
 * topic, from which the guard rails hear it as they hear a pipeline. Requests under way are part of
 * every checkpoint, so a restart submits them again, by the same names.
 */
public final class SubmitFunction extends RichAsyncFunction<RetrainRequest, RetrainCommand> {
    private static final long serialVersionUID = 1L;

    private final List<RetrainRoute> routes;
    private final DeliveryConfig delivery;
    private final List<Duration> waits;
    private transient TargetCaller caller;

    /**
     * @param waits the wait before the second attempt, before the third, and so on
     */
    public SubmitFunction(
            List<RetrainRoute> routes, DeliveryConfig delivery, List<Duration> waits) {
        this.routes = List.copyOf(routes);
        this.delivery = delivery;
        this.waits = List.copyOf(waits);
    }

    @Override
    public void open(OpenContext context) {
        ClassTrust.ensure();
        caller = new TargetCaller(delivery, waits);
    }

    @Override
    public void asyncInvoke(RetrainRequest request, ResultFuture<RetrainCommand> result) {
        List<CompletableFuture<RetrainCommand>> said =
                routes.stream()
                        .filter(route -> route.models().matches(request.getModel()))
                        .map(
                                route ->
                                        caller.submit(route.target(), request)
                                                .thenApply(
                                                        report -> command(route, request, report)))
                        .toList();
        var unused =
                CompletableFuture.allOf(said.toArray(CompletableFuture[]::new))
                        .whenComplete(
                                (done, failure) -> {
                                    if (failure == null) {
                                        result.complete(
                                                said.stream()
                                                        .map(CompletableFuture::join)
                                                        .toList());
                                    } else {
                                        result.completeExceptionally(failure);
                                    }
                                });
    }

    private static RetrainCommand command(
            RetrainRoute route, RetrainRequest request, RetrainReport report) {
        return RetrainCommand.newBuilder()
                .setRequestId(request.getRequestId())
                .setModel(request.getModel())
                .setKind(RetrainCommandKind.valueOf(report.state().label()))
                .setBy("target " + route.target().name())
                .setExternalId(report.externalId())
                .setUrl(report.url())
                .setReason(report.reason())
                .setAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
                .build();
    }

    @Override
    public void close() {
        if (caller != null) {
            caller.close();
        }
    }
}
