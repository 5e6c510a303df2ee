package io.driftwatch.alerts.route;

import io.driftwatch.schemas.Alert;
import java.util.List;
import java.util.Map;

/**
 * What a group remembers. Flat and lenient because it is stored state; see {@link Grouper} for what
 * happens to it.
 *
 * @param alerts the newest change of each alert: those firing, and those resolved and not yet told
 * @param notifiedEpisodes fingerprint to episode of the alerts that the last notification said to
 *     be firing
 * @param openEpisodes fingerprint to episode of the alerts that were told to be firing at any time,
 *     and not yet to be resolved
 * @param notifications notifications sent so far
 * @param repeats repetitions since the last change was told
 * @param notifiedAtMillis when the last notification was made; 0 before the first one
 * @param nextFlushMillis when the group looks next whether there is something to tell
 */
public record GroupState(
        List<Alert> alerts,
        Map<String, String> notifiedEpisodes,
        Map<String, String> openEpisodes,
        long notifications,
        long repeats,
        long notifiedAtMillis,
        long nextFlushMillis) {}
