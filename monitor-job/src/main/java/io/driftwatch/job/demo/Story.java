package io.driftwatch.job.demo;

import io.driftwatch.alerts.rule.Figures;
import io.driftwatch.job.config.ModelConfig;
import io.driftwatch.schemas.Alert;
import io.driftwatch.schemas.AlertState;
import io.driftwatch.schemas.DeadLetter;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Score;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells what comes out of the two jobs as it comes, and remembers it for the summary. */
final class Story {
    private final Screen screen;
    private final WindowBoard board;
    private final Deque<Alert> early = new ArrayDeque<>();
    private final Deque<String> refused = new ArrayDeque<>();
    private final Map<String, Episode> episodes = new LinkedHashMap<>();
    private final Map<String, Boolean> firing = new HashMap<>();
    private final Map<String, Boolean> told = new HashMap<>();
    private final List<ChatMessage> messages = new ArrayList<>();
    private int delivered;
    private int undelivered;
    private long newsNanos = System.nanoTime();

    Story(Screen screen, ModelConfig model) {
        this.screen = screen;
        this.board = new WindowBoard(model, screen);
        board.header();
    }

    synchronized void score(Score score) {
        if (board.add(score)) {
            refused.forEach(screen::line);
            refused.clear();
        }
        while (!early.isEmpty() && isShown(early.peek())) {
            tell(early.pop());
        }
    }

    /** An alert is told after the line of its window, whichever topic was read first. */
    synchronized void alert(Alert alert) {
        newsNanos = System.nanoTime();
        if (early.isEmpty() && isShown(alert)) {
            tell(alert);
        } else {
            early.add(alert);
        }
    }

    private boolean isShown(Alert alert) {
        return !alert.getScore().getWindowEnd().isAfter(board.shownUntil());
    }

    private void tell(Alert alert) {
        String key = alert.getFingerprint() + "/" + alert.getEpisode();
        if (alert.getState() == AlertState.pending) {
            return;
        }
        if (alert.getState() == AlertState.firing) {
            episodes.put(key, Episode.begun(alert));
        } else {
            episodes.computeIfPresent(key, (k, episode) -> episode.ended(alert));
        }
        firing.put(alert.getFingerprint(), alert.getState() == AlertState.firing);
        screen.line(
                "   %s %s %s: %s %s, limit %s %s"
                        .formatted(
                                alert.getState() == AlertState.firing ? "FIRING  " : "RESOLVED",
                                alert.getLabels().get("alertname"),
                                alert.getScore().getFeature(),
                                alert.getScore().getStatistic(),
                                Figures.value(alert.getScore()),
                                alert.getDirection(),
                                Figures.number(alert.getThreshold())));
    }

    synchronized void message(ChatMessage message) {
        newsNanos = System.nanoTime();
        messages.add(message);
        told.putAll(message.firing());
        screen.framed("the webhook receiver got this Slack message:", message.lines());
    }

    synchronized void delivery(Delivery delivery) {
        if (delivery.getOutcome() == DeliveryOutcome.delivered) {
            delivered++;
        } else {
            undelivered++;
        }
        screen.line(
                "   %s to %s, %s: HTTP %s, attempt %d"
                        .formatted(
                                delivery.getOutcome().name().toUpperCase(Locale.ROOT),
                                delivery.getReceiver(),
                                delivery.getEndpoint(),
                                delivery.getStatusCode(),
                                delivery.getAttempts()));
    }

    /** Told with the next window, so that it stands in the day that it belongs to. */
    synchronized void deadLetter(DeadLetter dead) {
        refused.add("   DEAD LETTER " + dead.getDetail());
    }

    synchronized void late(DeadLetter late) {
        refused.add("   LATE " + late.getDetail());
    }

    /**
     * Whether the receiver knows of every alert how it stands now, and nothing has happened for a
     * while. An alert that was resolved before its group was told is rightly never told.
     */
    synchronized boolean isAllTold(Duration quiet) {
        return early.isEmpty()
                && System.nanoTime() - newsNanos > quiet.toNanos()
                && delivered + undelivered >= messages.size()
                && firing.entrySet().stream()
                        .allMatch(e -> e.getValue().equals(told.getOrDefault(e.getKey(), false)));
    }

    synchronized List<Episode> episodes() {
        return List.copyOf(episodes.values());
    }

    synchronized List<ChatMessage> messages() {
        return List.copyOf(messages);
    }

    synchronized int windows() {
        return board.windows();
    }

    synchronized int delivered() {
        return delivered;
    }

    synchronized int undelivered() {
        return undelivered;
    }
}
