package io.driftwatch.job;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.deliver.RetryPolicy;
import io.driftwatch.job.config.KafkaConfig;
import io.driftwatch.job.config.MonitorConfig;
import io.driftwatch.job.config.TopicsConfig;
import io.driftwatch.job.deliver.AddressFunction;
import io.driftwatch.job.deliver.Addressed;
import io.driftwatch.job.deliver.DeliverOperatorFactory;
import io.driftwatch.job.deliver.Sent;
import io.driftwatch.job.deliver.UndeliveredFunction;
import io.driftwatch.job.live.Live;
import io.driftwatch.job.live.LiveControl;
import io.driftwatch.job.retrain.AssignFunction;
import io.driftwatch.job.retrain.Assigned;
import io.driftwatch.job.retrain.RetrainEvent;
import io.driftwatch.job.retrain.RetrainFunction;
import io.driftwatch.job.retrain.TargetOperatorFactory;
import io.driftwatch.job.retrain.VersionsFunction;
import io.driftwatch.job.route.InhibitorFilter;
import io.driftwatch.job.route.Muting;
import io.driftwatch.job.route.RouteFunction;
import io.driftwatch.job.route.RouteFunction.TimeDomain;
import io.driftwatch.job.route.Routed;
import io.driftwatch.job.route.RoutesFunction;
import io.driftwatch.job.sink.KafkaSinks;
import io.driftwatch.job.source.ControlTopic;
import io.driftwatch.job.source.NotifyTopics;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.Notification;
import io.driftwatch.schemas.RetrainCommand;
import io.driftwatch.schemas.RetrainRequest;
import io.driftwatch.schemas.Score;
import io.driftwatch.schemas.Silence;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The notify job: route and deliver. A job of its own, so that a dead endpoint never slows scoring.
 */
public final class NotifyPipeline {
    private NotifyPipeline() {}

    /** Makes the settings of operators, one for each: they are not for several threads. */
    private record Settings(LiveControl controlOrNull, AlertsConfig config) {
        Live<AlertsConfig> live() {
            AlertsConfig own = config;
            return Live.of(
                    controlOrNull,
                    (applied, context) -> applied == null ? own : applied.config().alerts());
        }
    }

    /**
     * What the notify job reads.
     *
     * @param alerts changes of alerts
     * @param silences wishes for silence
     * @param retrainCommands decisions and reports about retrainings
     * @param scores scores, for the versions of models in them
     */
    public record Inputs(
            DataStream<Alert> alerts,
            DataStream<Silence> silences,
            DataStream<RetrainCommand> retrainCommands,
            DataStream<Score> scores) {

        /** Opens the topics; those about retrainings only if the configuration wants any. */
        public static Inputs open(StreamExecutionEnvironment env, MonitorConfig config) {
            KafkaConfig kafka = config.kafka();
            TopicsConfig topics = config.topics();
            boolean retrains = config.alerts().retrain().enabled();
            return new Inputs(
                    NotifyTopics.alerts(env, kafka, topics),
                    ControlTopic.silences(env, kafka, topics),
                    retrains ? ControlTopic.retrainCommands(env, kafka, topics) : null,
                    retrains ? NotifyTopics.scores(env, kafka, topics) : null);
        }
    }

    /** From alerts to deliveries, retrain requests and dead letters. */
    public static void define(
            Inputs inputs, AlertsConfig config, RetryPolicy policy, KafkaSinks to) {
        define(inputs, config, null, policy, to);
    }

    /**
     * As above, with a configuration that may change while the job runs.
     *
     * @param liveOrNull where it is published; null if it stays as it is
     */
    public static void define(
            Inputs inputs,
            AlertsConfig config,
            LiveControl liveOrNull,
            RetryPolicy policy,
            KafkaSinks to) {
        Settings live = new Settings(liveOrNull, config);
        DataStream<Alert> alerts = inputs.alerts();
        if (config.routes().hasReceiver()) {
            DataStream<Muting> muting =
                    inhibiting(alerts, live)
                            .union(
                                    inputs.silences()
                                            .map(Muting::by, TypeInformation.of(Muting.class))
                                            .uid(Stage.ROUTE.uid("silences"))
                                            .name("silences"));
            deliver(route(alerts, muting, live, TimeDomain.WALL_CLOCK), live, policy, to);
        }
        if (config.retrain().enabled()) {
            retrain(inputs, live, to);
        }
    }

    /** Gathers the alerts of a file into notifications; nobody has silenced them. */
    public static SingleOutputStreamOperator<Notification> replay(
            DataStream<Alert> alerts, AlertsConfig config) {
        Settings fixed = new Settings(null, config);
        return route(alerts, inhibiting(alerts, fixed), fixed, TimeDomain.EVENT_TIME);
    }

    private static SingleOutputStreamOperator<Muting> inhibiting(
            DataStream<Alert> alerts, Settings settings) {
        return alerts.filter(new InhibitorFilter(settings.live()))
                .uid(Stage.ROUTE.uid("inhibitors"))
                .name("may inhibit others")
                .map(Muting::by, TypeInformation.of(Muting.class))
                .uid(Stage.ROUTE.uid("inhibiting"))
                .name("inhibiting");
    }

    private static SingleOutputStreamOperator<Notification> route(
            DataStream<Alert> alerts,
            DataStream<Muting> muting,
            Settings settings,
            TimeDomain time) {
        return alerts.flatMap(new RoutesFunction(settings.live()), TypeInformation.of(Routed.class))
                .uid(Stage.ROUTE.uid("routes"))
                .name("routes")
                .keyBy(Routed::group, Types.STRING)
                .connect(muting.broadcast(RouteFunction.INHIBITORS, RouteFunction.SILENCES))
                .process(
                        new RouteFunction(settings.live(), time),
                        TypeInformation.of(Notification.class))
                .uid(Stage.ROUTE.uid())
                .name("route");
    }

    private static void deliver(
            SingleOutputStreamOperator<Notification> notifications,
            Settings settings,
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
                                new AddressFunction(settings.live()),
                                TypeInformation.of(Addressed.class))
                        .uid(Stage.DELIVER.uid("addresses"))
                        .name("addresses")
                        .keyBy(Addressed::endpoint, Types.STRING)
                        .transform(
                                "deliver",
                                TypeInformation.of(Sent.class),
                                new DeliverOperatorFactory(settings.live(), policy, hasCheckpoints))
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

    private static void retrain(Inputs inputs, Settings settings, KafkaSinks to) {
        TypeInformation<RetrainEvent> event = TypeInformation.of(RetrainEvent.class);
        DataStream<RetrainEvent> alerts =
                inputs.alerts()
                        .map(RetrainEvent::of, event)
                        .uid(Stage.RETRAIN.uid("alerts"))
                        .name("retrain: alerts");
        DataStream<RetrainEvent> commands =
                inputs.retrainCommands()
                        .map(RetrainEvent::of, event)
                        .uid(Stage.RETRAIN.uid("commands"))
                        .name("retrain: commands");
        DataStream<RetrainEvent> versions =
                inputs.scores()
                        .flatMap(new VersionsFunction(), event)
                        .uid(Stage.RETRAIN.uid("versions"))
                        .name("retrain: versions");
        SingleOutputStreamOperator<RetrainRequest> requests =
                alerts.union(commands, versions)
                        .keyBy(RetrainEvent::model, Types.STRING)
                        .process(
                                new RetrainFunction(settings.live()),
                                TypeInformation.of(RetrainRequest.class))
                        .uid(Stage.RETRAIN.uid())
                        .name("retrain");
        to.retrainRequests(requests);
        to.retrainStatus(requests.getSideOutput(RetrainFunction.CHANGES));
        if (settings.controlOrNull() != null || !settings.config().retrainRoutes().isEmpty()) {
            to.retrainCommands(
                    requests.flatMap(
                                    new AssignFunction(settings.live()),
                                    TypeInformation.of(Assigned.class))
                            .uid(Stage.RETRAIN.uid("assign"))
                            .name("retrain: assign")
                            .keyBy(Assigned::target, Types.STRING)
                            .transform(
                                    "retrain: targets",
                                    TypeInformation.of(RetrainCommand.class),
                                    new TargetOperatorFactory(settings.live()))
                            .uid(Stage.RETRAIN.uid("targets")));
        }
    }
}
