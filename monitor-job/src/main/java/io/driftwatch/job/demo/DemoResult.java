package io.driftwatch.job.demo;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What came of a demo.
 *
 * @param balance records in and out
 * @param windows windows that were scored
 * @param episodes alerts that fired, in order
 * @param messages what the webhook receiver got
 * @param delivered deliveries that succeeded
 * @param undelivered deliveries that did not
 * @param allTold whether every alert's last state reached the receiver
 * @param seconds how long it all took
 */
record DemoResult(
        RecordBalance balance,
        int windows,
        List<Episode> episodes,
        List<ChatMessage> messages,
        int delivered,
        int undelivered,
        boolean allTold,
        double seconds) {

    DemoResult {
        episodes = List.copyOf(episodes);
        messages = List.copyOf(messages);
    }

    /** Whether the demo shows what it is meant to show. */
    boolean isGood() {
        return balance.isEven() && allTold && undelivered == 0;
    }

    void print(PrintWriter out) {
        out.println();
        out.println("What happened");
        for (Episode episode : episodes) {
            out.printf(
                    Locale.ROOT,
                    "  %-16s %-16s %-9s fired on %s, %s%s%n",
                    episode.alert(),
                    episode.feature(),
                    episode.statistic(),
                    WindowBoard.day(episode.firedOn()),
                    episode.resolvedOn() == null
                            ? "still fires"
                            : "resolved on " + WindowBoard.day(episode.resolvedOn()),
                    isInjected(episode) ? ": the injected bug" : ": real");
        }
        out.println();
        out.println("records:   " + balance);
        out.printf(Locale.ROOT, "windows:   %,d days scored%n", windows);
        out.printf(
                Locale.ROOT,
                "messages:  %,d to the webhook receiver; %,d deliveries succeeded, %,d failed%s%n",
                messages.size(),
                delivered,
                undelivered,
                allTold ? "" : "; some alerts were not told in time");
        out.printf(Locale.ROOT, "time:      %.0f s%n", seconds);
        out.flush();
    }

    private static boolean isInjected(Episode episode) {
        return !episode.feature().equals("delay_minutes")
                && Chapter.isBugAt(episode.firedOn().toEpochMilli());
    }
}
