package io.driftwatch.job.decode;

/**
 * Reads JSON objects of the form that producers write: UTF-8, names without escapes, numbers and
 * strings of common size. Whatever is unusual or wrong it leaves to {@link JsonTokens}, and then it
 * has reported nothing; what it reads it reports as they do. Not for several threads.
 *
 * <p>Makes nothing for a record but strings that it did not meet lately.
 */
final class JsonFastPath {
    private final JsonBranch root;
    private final JsonScanner in = new JsonScanner();
    private final JsonValues values;
    private final KnownStrings[] strings;

    /**
     * @param wanted the wanted paths
     * @param fields how many there are
     */
    JsonFastPath(PathTree wanted, int fields) {
        root = new JsonBranch(wanted);
        // Room for equal names to come twice.
        values = new JsonValues(2 * fields);
        strings = new KnownStrings[fields];
    }

    /**
     * Reports the wanted fields.
     *
     * @return whether it did; if not, nothing was reported
     * @throws Rejection if {@code out} refuses a field
     */
    boolean read(byte[] record, FieldReceiver out) throws Rejection {
        if (!in.take(record)) {
            return false;
        }
        values.clear();
        int from = in.space(0);
        if (in.at(from) != '{' || in.space(object(from + 1, root)) != in.end()) {
            return false;
        }
        values.reportTo(out);
        return true;
    }

    private int object(int from, JsonBranch branch) {
        int at = in.space(from);
        if (in.at(at) == '}') {
            return at + 1;
        }
        JsonBranch.Key key = branch.beforeFirst();
        while (true) {
            if (in.at(at) != '"') {
                return in.nowhere();
            }
            at++;
            JsonBranch.Key expected = key.next();
            if (expected != null && expected.name().isAt(in.text(), at)) {
                key = expected;
                at += key.name().size();
            } else {
                int end = in.name(at);
                if (end == in.nowhere() || in.escaped()) {
                    return in.nowhere();
                }
                key = branch.find(key, in.text(), at, end);
                at = end;
            }
            at = in.space(value(in.colon(at), key.branch()));
            if (in.at(at) != ',') {
                return in.at(at) == '}' ? at + 1 : in.nowhere();
            }
            at = in.space(at + 1);
        }
    }

    private int array(int from, JsonBranch branch) {
        int at = in.space(from);
        if (in.at(at) == ']') {
            return at + 1;
        }
        int wanted = 0;
        for (int i = 0; ; i++) {
            JsonBranch element = null;
            if (wanted < branch.wantedElements() && branch.wantedElement(wanted) == i) {
                element = branch.element(wanted);
                wanted++;
            }
            at = in.space(value(at, element));
            if (in.at(at) != ',') {
                return in.at(at) == ']' ? at + 1 : in.nowhere();
            }
            at = in.space(at + 1);
        }
    }

    private int value(int at, JsonBranch branch) {
        if (branch == null) {
            return in.skip(at);
        }
        byte first = in.at(at);
        int field = branch.field();
        if (first == '{' || first == '[') {
            if (field != PathTree.NONE) {
                return in.nowhere();
            }
            return first == '{' ? object(at + 1, branch) : array(at + 1, branch);
        }
        if (field == PathTree.NONE) {
            return in.skip(at);
        }
        return values.isFull() ? in.nowhere() : scalar(at, field);
    }

    private int scalar(int at, int field) {
        byte first = in.at(at);
        if (first == '-' || (first >= '0' && first <= '9')) {
            return number(at, field);
        }
        if (first == '"') {
            return string(at + 1, field);
        }
        int end = in.literal(at);
        if (first == 'n') {
            values.nothing(field);
        } else {
            values.truth(field, first == 't');
        }
        return end;
    }

    private int number(int at, int field) {
        int end = in.number(at);
        if (end == in.nowhere()) {
            return end;
        }
        if (!in.isWhole()) {
            values.number(field, in.asDouble(at, end));
        } else if (in.fitsLong()) {
            values.integer(field, in.asLong());
        } else {
            return in.nowhere();
        }
        return end;
    }

    private int string(int at, int field) {
        int end = in.string(at);
        if (end == in.nowhere()) {
            return end;
        }
        if (strings[field] == null) {
            strings[field] = new KnownStrings();
        }
        values.text(field, strings[field].of(in.text(), at, end - 1 - at, in.escaped()));
        return end;
    }
}
