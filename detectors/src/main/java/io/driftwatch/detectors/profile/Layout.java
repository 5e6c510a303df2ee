package io.driftwatch.detectors.profile;

/** Makes the number of {@link FeatureProfile#layout}: FNV-1a over 64-bit words. */
final class Layout {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private long hash = BASIS;

    Layout add(long word) {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            hash = (hash ^ (word >>> shift & 0xff)) * PRIME;
        }
        return this;
    }

    Layout add(double value) {
        return add(Double.doubleToLongBits(value));
    }

    Layout add(String text) {
        text.chars().forEach(this::add);
        return add(-1L);
    }

    long number() {
        return hash == 0 ? BASIS : hash;
    }
}
