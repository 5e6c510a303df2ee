package io.driftwatch.job.demo;

import io.driftwatch.job.config.StreamRole;

/**
 * One record on its way to a topic.
 *
 * @param role stream that it belongs to
 * @param sentMillis when the producer sends it, in the stream's own time
 * @param key key of the message
 * @param json its text
 */
record StreamRecord(StreamRole role, long sentMillis, String key, String json) {}
