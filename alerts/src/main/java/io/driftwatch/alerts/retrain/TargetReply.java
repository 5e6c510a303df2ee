package io.driftwatch.alerts.retrain;

/**
 * What came of one call to a target: an answer, or why there is none.
 *
 * @param answer null if none came
 * @param failure in words, without secrets, why none came; null if one did
 */
public record TargetReply(RecipeAnswer answer, String failure) {
    /** Returns a reply with an answer. */
    public static TargetReply of(RecipeAnswer answer) {
        return new TargetReply(answer, null);
    }

    /**
     * Returns a reply without an answer.
     *
     * @param failure why, in words, without secrets
     */
    public static TargetReply failed(String failure) {
        return new TargetReply(null, failure);
    }

    /** Returns what came, in words. */
    public String words() {
        return answer == null ? failure : answer.words();
    }
}
