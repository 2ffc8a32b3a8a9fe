package io.spectrawatch.spectral.certificate.moments;

/**
 * Assigns samples to parts by a seeded hash of their id, so that a split is independent of order,
 * sharding and batching and can be repeated.
 *
 * <p>FNV-1a over the id's UTF-16 units, then the SplitMix64 finaliser with the seed: all rows of
 * one sample (its tokens) fall into the same part.
 */
public final class SampleSplit {
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private SampleSplit() {}

    /**
     * Returns the part of a sample.
     *
     * @param parts number of equally likely parts, at least 1
     * @return 0 to parts - 1
     */
    public static int part(long seed, CharSequence sampleId, int parts) {
        if (parts < 1) {
            throw new IllegalArgumentException(
                    "sample split: at least one part expected, found " + parts);
        }
        long hash = FNV_OFFSET;
        for (int i = 0; i < sampleId.length(); i++) {
            char unit = sampleId.charAt(i);
            hash = (hash ^ (unit & 0xFF)) * FNV_PRIME;
            hash = (hash ^ (unit >>> 8)) * FNV_PRIME;
        }
        return (int) Math.floorMod(mix(hash + mix(seed)) >>> 1, (long) parts);
    }

    /** Returns 0 or 1, the half of a pane a sample belongs to. */
    public static int half(long seed, CharSequence sampleId) {
        return part(seed, sampleId, 2);
    }

    /** Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
