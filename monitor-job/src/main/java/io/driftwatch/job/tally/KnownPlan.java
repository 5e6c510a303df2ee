package io.driftwatch.job.tally;

import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.profile.ModelProfiles;
import java.io.IOException;

/**
 * A plan by which records may have been decoded, and what those are counted by.
 *
 * @param plan the plan
 * @param profiles gives the profiles that go with it, which are large: they are asked for only when
 *     there is such a record
 */
public record KnownPlan(FieldPlan plan, ModelProfiles.Reader profiles) {
    Counting counting() throws IOException {
        return new Counting(plan, profiles.read());
    }
}
