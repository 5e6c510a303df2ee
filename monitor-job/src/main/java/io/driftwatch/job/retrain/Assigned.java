package io.driftwatch.job.retrain;

import io.driftwatch.schemas.RetrainRequest;

/**
 * A request for one of the targets of its model.
 *
 * @param target name of the target
 * @param request the request
 */
public record Assigned(String target, RetrainRequest request) {}
