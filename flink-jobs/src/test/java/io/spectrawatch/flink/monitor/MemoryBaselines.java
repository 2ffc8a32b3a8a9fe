package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.baseline.BaselineSource;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Baselines in the memory of the tests' process, looked up in a static table since sources travel
 * by serialisation.
 */
public final class MemoryBaselines implements BaselineSource {

    private static final long serialVersionUID = 1L;
    private static final Map<String, byte[]> HELD = new ConcurrentHashMap<>();
    private static final Map<String, AtomicInteger> OUTAGES = new ConcurrentHashMap<>();

    /** Keeps a baseline; returns its id. */
    public static String add(ModelBaseline baseline) {
        return add(baseline.id(), baseline.toBytes());
    }

    public static String add(String id, byte[] bytes) {
        HELD.put(id, bytes);
        return id;
    }

    /** Lets the next loads of a baseline fail. */
    static void failing(String id, int times) {
        OUTAGES.put(id, new AtomicInteger(times));
    }

    static int outagesLeft(String id) {
        return OUTAGES.get(id).get();
    }

    @Override
    public byte[] load(String baselineId) throws IOException {
        AtomicInteger outage = OUTAGES.get(baselineId);
        if (outage != null && outage.get() > 0) {
            outage.decrementAndGet();
            throw new IOException("no broker answers");
        }
        byte[] bytes = HELD.get(baselineId);
        if (bytes == null) {
            throw new IOException("no baseline " + baselineId);
        }
        return bytes.clone();
    }
}
