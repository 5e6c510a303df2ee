package io.driftwatch.job.decode;

import java.util.List;

/**
 * Reads JSON objects: by the fast path if they have the plain form that producers write, else as
 * Jackson's tokens. {@code NaN}, {@code Infinity} and {@code -Infinity} are taken as numbers, bare
 * or as strings.
 */
final class JsonRecordDecoder implements RecordDecoder {
    private final JsonFastPath fastPath;
    private final JsonTokens tokens;
    private long leftToTokens;

    JsonRecordDecoder(FieldPlan plan) {
        this(plan.paths());
    }

    JsonRecordDecoder(List<String> paths) {
        PathTree wanted = PathTree.of(paths);
        fastPath = new JsonFastPath(wanted, paths.size());
        tokens = new JsonTokens(wanted);
    }

    @Override
    public void decode(byte[] bytes, FieldReceiver out) throws Rejection {
        // The fast path reports nothing of a record that it gives up on, so that Jackson alone says
        // what such a record holds or what is wrong with it.
        if (!fastPath.read(bytes, out)) {
            leftToTokens++;
            tokens.read(bytes, out);
        }
    }

    /** Records that did not have the plain form. */
    long leftToTokens() {
        return leftToTokens;
    }
}
