package io.driftwatch.job.decode;

/** The wanted values of one record, kept until it is known that the record is sound. */
final class JsonValues {
    private static final byte INTEGER = 0;
    private static final byte NUMBER = 1;
    private static final byte TEXT = 2;
    private static final byte TRUTH = 3;
    private static final byte NOTHING = 4;

    private final int[] fields;
    private final byte[] kinds;
    private final long[] bits;
    private final String[] texts;
    private int count;

    JsonValues(int most) {
        fields = new int[most];
        kinds = new byte[most];
        bits = new long[most];
        texts = new String[most];
    }

    void clear() {
        count = 0;
    }

    boolean isFull() {
        return count == fields.length;
    }

    void integer(int field, long value) {
        add(field, INTEGER, value);
    }

    void number(int field, double value) {
        add(field, NUMBER, Double.doubleToRawLongBits(value));
    }

    void text(int field, String value) {
        texts[count] = value;
        add(field, TEXT, 0);
    }

    void truth(int field, boolean value) {
        add(field, TRUTH, value ? 1 : 0);
    }

    void nothing(int field) {
        add(field, NOTHING, 0);
    }

    private void add(int field, byte kind, long value) {
        fields[count] = field;
        kinds[count] = kind;
        bits[count] = value;
        count++;
    }

    /** Reports the values in the order in which they were added. */
    void reportTo(FieldReceiver out) throws Rejection {
        for (int i = 0; i < count; i++) {
            int field = fields[i];
            switch (kinds[i]) {
                case INTEGER -> out.integer(field, bits[i]);
                case NUMBER -> out.number(field, Double.longBitsToDouble(bits[i]));
                case TEXT -> out.text(field, texts[i]);
                case TRUTH -> out.truth(field, bits[i] != 0);
                default -> out.nothing(field);
            }
        }
    }
}
