package io.driftwatch.alerts.retrain;

import io.driftwatch.schemas.RetrainRequest;
import java.util.Map;

/**
 * A request on its way to one target, or the run that the target has made of it. Flat because it is
 * stored state; see {@link TargetRuns} for what happens to it.
 *
 * @param request what to submit
 * @param cameMillis when it came
 * @param dueMillis when the target is to be called next
 * @param takenMillis when the target first answered; 0 before that
 * @param failures calls in a row that came to nothing
 * @param told label of the {@link RunState} that was last reported; null before that
 * @param found what the target's answers have told, see {@link RecipeAnswer#found}; copied
 */
public record TargetRun(
        RetrainRequest request,
        long cameMillis,
        long dueMillis,
        long takenMillis,
        int failures,
        String told,
        Map<String, String> found) {
    public TargetRun {
        found = found == null ? Map.of() : Map.copyOf(found);
    }

    /** Returns the id of the request. */
    public String id() {
        return request.getRequestId();
    }

    boolean isTaken() {
        return told != null;
    }

    TargetRun failed(long dueMillis) {
        return new TargetRun(
                request, cameMillis, dueMillis, takenMillis, failures + 1, told, found);
    }

    TargetRun answered(RecipeAnswer answer, RunState state, long takenMillis, long dueMillis) {
        return new TargetRun(
                request, cameMillis, dueMillis, takenMillis, 0, state.label(), answer.found());
    }
}
