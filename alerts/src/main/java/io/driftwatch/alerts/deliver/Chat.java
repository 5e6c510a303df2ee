package io.driftwatch.alerts.deliver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.driftwatch.schemas.Notification;
import java.util.function.Function;

/** The chats that have incoming webhooks of their own kind. */
public enum Chat {
    /** Slack, or anything that speaks the same. */
    SLACK(
            "slack",
            SlackMessage::of,
            SlackMessage::minimal,
            /* saysOk= */ true,
            Pace.perSecond(1, 3)),
    /** Microsoft Teams by a workflow, which replaced Office 365 connectors. */
    MSTEAMS(
            "msteams",
            TeamsMessage::of,
            TeamsMessage::minimal,
            /* saysOk= */ false,
            Pace.perSecond(2, 4)),
    DISCORD(
            "discord",
            DiscordMessage::of,
            DiscordMessage::minimal,
            /* saysOk= */ false,
            Pace.perSecond(1, 3)),
    GOOGLE_CHAT(
            "google_chat",
            GoogleChatMessage::of,
            GoogleChatMessage::minimal,
            /* saysOk= */ false,
            Pace.perSecond(1, 3)),
    MATTERMOST(
            "mattermost",
            MattermostMessage::of,
            MattermostMessage::minimal,
            /* saysOk= */ true,
            Pace.perSecond(5, 10));

    private final String key;
    private final Function<Notification, ObjectNode> message;
    private final Function<Incident, ObjectNode> minimal;
    private final boolean saysOk;
    private final Pace pace;

    Chat(
            String key,
            Function<Notification, ObjectNode> message,
            Function<Incident, ObjectNode> minimal,
            boolean saysOk,
            Pace pace) {
        this.key = key;
        this.message = message;
        this.minimal = minimal;
        this.saysOk = saysOk;
        this.pace = pace;
    }

    /** How fast it may be asked: what its documentation allows, or a little less. */
    Pace pace() {
        return pace;
    }

    /** What receivers call it in the configuration. */
    public String key() {
        return key;
    }

    /** Writes a notification within the chat's limits. */
    public ObjectNode message(Notification notification) {
        return message.apply(notification);
    }

    /** Writes the least that still says it. */
    public ObjectNode minimal(Notification notification) {
        return minimal.apply(Incident.of(notification));
    }

    /** Says whether the body of a 2xx answer means success: some chats hide errors there. */
    boolean accepts(String answer) {
        return !saysOk || answer.strip().equals("ok");
    }
}
