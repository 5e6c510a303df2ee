package io.driftwatch.job;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.alerts.route.Inhibitors;
import io.driftwatch.job.deliver.AddressFunction;
import io.driftwatch.job.deliver.Addressed;
import io.driftwatch.job.deliver.DeliverOperatorFactory;
import io.driftwatch.job.deliver.RetrainFunction;
import io.driftwatch.job.deliver.Sent;
import io.driftwatch.job.deliver.UndeliveredFunction;
import io.driftwatch.job.route.Muting;
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
import io.driftwatch.schemas.Silence;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The notify job: route and deliver. A job of its own, so that a dead endpoint never slows scoring.
 */
public final class NotifyPipeline {
    private NotifyPipeline() {}

    /** From alerts and silences to deliveries, retrain requests and dead letters. */
    public static void define(
            DataStream<Alert> alerts,
            DataStream<Silence> silences,
            AlertsConfig config,
            RetryPolicy policy,
            KafkaSinks to) {
        if (config.routes().hasReceiver()) {
            DataStream<Muting> muting =
                    inhibiting(alerts, config)
                            .union(
                                    silences.map(Muting::by, TypeInformation.of(Muting.class))
                                            .uid(Stage.ROUTE.uid("silences"))
                                            .name("silences"));
            deliver(route(alerts, muting, config, TimeDomain.WALL_CLOCK), config, policy, to);
        }
        if (config.retrainEnabled()) {
            to.retrainRequests(retrain(alerts));
        }
    }

    /** Gathers the alerts of a file into notifications; nobody has silenced them. */
    public static SingleOutputStreamOperator<Notification> replay(
            DataStream<Alert> alerts, AlertsConfig config) {
        return route(alerts, inhibiting(alerts, config), config, TimeDomain.EVENT_TIME);
    }

    private static SingleOutputStreamOperator<Muting> inhibiting(
            DataStream<Alert> alerts, AlertsConfig config) {
        Inhibitors inhibitors = new Inhibitors(config.inhibitRules());
        return alerts.filter(inhibitors::isSource)
                .uid(Stage.ROUTE.uid("inhibitors"))
                .name("may inhibit others")
                .map(Muting::by, TypeInformation.of(Muting.class))
                .uid(Stage.ROUTE.uid("inhibiting"))
                .name("inhibiting");
    }

    private static SingleOutputStreamOperator<Notification> route(
            DataStream<Alert> alerts,
            DataStream<Muting> muting,
            AlertsConfig config,
            TimeDomain time) {
        return alerts.flatMap(new RoutesFunction(config.routes()), TypeInformation.of(Routed.class))
                .uid(Stage.ROUTE.uid("routes"))
                .name("routes")
                .keyBy(Routed::group, Types.STRING)
                .connect(muting.broadcast(RouteFunction.INHIBITORS, RouteFunction.SILENCES))
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
        boolean hasCheckpoints =
                notifications
                        .getExecutionEnvironment()
                        .getCheckpointConfig()
                        .isCheckpointingEnabled();
        SingleOutputStreamOperator<Sent> sent =
                notifications
                        .flatMap(
                                new AddressFunction(config.receivers()),
                                TypeInformation.of(Addressed.class))
                        .uid(Stage.DELIVER.uid("addresses"))
                        .name("addresses")
                        .keyBy(Addressed::endpoint, Types.STRING)
                        .transform(
                                "deliver",
                                TypeInformation.of(Sent.class),
                                new DeliverOperatorFactory(
                                        config.receivers(),
                                        policy,
                                        config.delivery(),
                                        hasCheckpoints))
                        .uid(Stage.DELIVER.uid());
        to.deliveries(
                sent.map(Sent::delivery, TypeInformation.of(Delivery.class))
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
