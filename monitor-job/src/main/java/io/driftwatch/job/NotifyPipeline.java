package io.driftwatch.job;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.alerts.route.Inhibitors;
import io.driftwatch.job.deliver.DeliverFunction;
import io.driftwatch.job.deliver.DeliverFunction.Sent;
import io.driftwatch.job.deliver.RetrainFunction;
import io.driftwatch.job.deliver.UndeliveredFunction;
import io.driftwatch.job.route.RouteFunction;
import io.driftwatch.job.route.RouteFunction.TimeDomain;
import io.driftwatch.job.route.Routed;
import io.driftwatch.job.route.RoutesFunction;
import io.driftwatch.job.sink.KafkaSinks;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.RetrainRequest;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.BroadcastStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The notify job: route and deliver. A job of its own, so that a dead endpoint never slows scoring.
 */
public final class NotifyPipeline {
    /** Notifications under way at once in one subtask; more wait on the topic. */
    private static final int UNDER_WAY = 1000;

    private NotifyPipeline() {}

    /** From alerts to deliveries, retrain requests and dead letters. */
    public static void define(
            DataStream<Alert> alerts, AlertsConfig config, RetryPolicy policy, KafkaSinks to) {
        if (config.routes().hasReceiver()) {
            deliver(route(alerts, config, TimeDomain.WALL_CLOCK), config, policy, to);
        }
        if (config.retrainEnabled()) {
            to.retrainRequests(retrain(alerts));
        }
    }

    /** Gathers alerts into notifications. */
    public static SingleOutputStreamOperator<Notification> route(
            DataStream<Alert> alerts, AlertsConfig config, TimeDomain time) {
        Inhibitors inhibitors = new Inhibitors(config.inhibitRules());
        BroadcastStream<Alert> inhibiting =
                alerts.filter(inhibitors::isSource)
                        .uid(Stage.ROUTE.uid("inhibitors"))
                        .name("may inhibit others")
                        .broadcast(RouteFunction.INHIBITORS);
        return alerts.flatMap(new RoutesFunction(config.routes()), TypeInformation.of(Routed.class))
                .uid(Stage.ROUTE.uid("routes"))
                .name("routes")
                .keyBy(Routed::group, Types.STRING)
                .connect(inhibiting)
                .process(
                        new RouteFunction(config.routes(), config.inhibitRules(), time),
                        TypeInformation.of(Notification.class))
                .uid(Stage.ROUTE.uid())
                .name("route");
    }

    private static void deliver(
            SingleOutputStreamOperator<Notification> notifications,
            AlertsConfig config,
            RetryPolicy policy,
            KafkaSinks to) {
        SingleOutputStreamOperator<Sent> sent =
                AsyncDataStream.unorderedWait(
                                notifications,
                                new DeliverFunction(config.receivers(), policy),
                                policy.longestTotal().plusMinutes(5).toMillis(),
                                TimeUnit.MILLISECONDS,
                                UNDER_WAY)
                        .uid(Stage.DELIVER.uid())
                        .name("deliver");
        to.deliveries(
                sent.flatMap(
                                (Sent s, org.apache.flink.util.Collector<Delivery> out) ->
                                        s.deliveries().forEach(out::collect),
                                TypeInformation.of(Delivery.class))
                        .uid(Stage.DELIVER.uid("outcomes"))
                        .name("outcomes"));
        SingleOutputStreamOperator<DeadLetter> undelivered =
                sent.flatMap(new UndeliveredFunction(), TypeInformation.of(DeadLetter.class))
                        .uid(Stage.DELIVER.uid("undelivered"))
                        .name("undelivered");
        to.deadLetters(undelivered);
    }

    private static SingleOutputStreamOperator<RetrainRequest> retrain(DataStream<Alert> alerts) {
        return alerts.filter(alert -> alert.getRetrain() && alert.getState() == AlertState.firing)
                .uid(Stage.RETRAIN.uid("wanted"))
                .name("asks for retraining")
                .keyBy(Alert::getFingerprint, Types.STRING)
                .process(new RetrainFunction(), TypeInformation.of(RetrainRequest.class))
                .uid(Stage.RETRAIN.uid())
                .name("retrain");
    }
}
