package io.spectrawatch.spectral.gsvd;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last requests of each client of one shard, for near-duplicate pairs: a client that probes a
 * model sends many inputs that hardly differ.
 *
 * <p>Bounded in both directions; the client that was silent longest is forgotten first. What is
 * kept of a request is a projection of its input, its profile coordinates, its tail and its norm.
 */
public final class RecentRequests {
    private final int requestsPerClient;
    private final Map<String, Deque<Request>> clients;

    /** One request: {@code input} is the (projected) input, {@code h} the profile coordinates. */
    public record Request(double[] input, double[] h, double tail, double norm) {}

    /** Creates an empty memory. */
    public RecentRequests(int maximumClients, int requestsPerClient) {
        if (maximumClients < 1 || requestsPerClient < 1) {
            throw new IllegalArgumentException(
                    "recent requests: at least one client and one request, found "
                            + maximumClients
                            + " and "
                            + requestsPerClient);
        }
        this.requestsPerClient = requestsPerClient;
        this.clients =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Deque<Request>> eldest) {
                        return size() > maximumClients;
                    }
                };
    }

    /**
     * Compares a request with the nearest one its client sent before, then remembers it.
     *
     * @param smallest distances at or below this are exact repeats and are passed over
     * @param largest distances above this are unrelated inputs
     * @return the ratios, or null if no earlier request is that near
     */
    public PairRatio observe(String client, Request request, double smallest, double largest) {
        Deque<Request> earlier = clients.computeIfAbsent(client, key -> new ArrayDeque<>());
        Request nearest = null;
        double best = largest * largest;
        for (Request other : earlier) {
            double squared = squaredDistance(request.input(), other.input());
            if (squared > smallest * smallest && squared <= best) {
                best = squared;
                nearest = other;
            }
        }
        if (earlier.size() == requestsPerClient) {
            earlier.removeFirst();
        }
        earlier.addLast(request);
        return nearest == null
                ? null
                : PairRatio.of(
                        request.h(),
                        request.tail(),
                        request.norm(),
                        nearest.h(),
                        nearest.tail(),
                        nearest.norm(),
                        best);
    }

    /** Returns the clients remembered, the longest silent first, for a checkpoint. */
    public Map<String, List<Request>> snapshot() {
        Map<String, List<Request>> copy = new LinkedHashMap<>();
        clients.forEach((client, requests) -> copy.put(client, new ArrayList<>(requests)));
        return copy;
    }

    /** Replaces everything with a snapshot. */
    public void restore(Map<String, List<Request>> snapshot) {
        clients.clear();
        Iterator<Map.Entry<String, List<Request>>> entries = snapshot.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, List<Request>> entry = entries.next();
            clients.put(entry.getKey(), new ArrayDeque<>(entry.getValue()));
        }
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }
}
