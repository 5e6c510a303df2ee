package io.driftwatch.job.tally;

import io.driftwatch.job.decode.FieldPlan;
import io.driftwatch.job.profile.ModelProfiles;

/**
 * What records are counted by.
 *
 * @param plan by which they were decoded
 * @param profiles whose cells they are counted over; they have all features of the plan
 */
record Counting(FieldPlan plan, ModelProfiles profiles) {}
