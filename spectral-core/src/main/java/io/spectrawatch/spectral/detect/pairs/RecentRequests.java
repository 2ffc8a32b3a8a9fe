package io.spectrawatch.spectral.detect.pairs;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Names;
import io.spectrawatch.spectral.gsvd.PairRatio;
import io.spectrawatch.spectral.linalg.Matrix;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last requests of each client, for near-duplicate pairs: a client that looks for a weakness
 * sends many inputs that hardly differ.
 *
 * <p>Bounded in both directions; the client that was silent longest is forgotten first. Which
 * requests are remembered depends on their order alone.
 */
public final class RecentRequests {
    /** Longer trails say no more. */
    private static final int MOST_DEPTH = 1 << 20;

    private static final int LEAST_CLIENT_BYTES = 2 * Integer.BYTES;

    /** Objects of a request: its record, two arrays and an id of the longest allowed. */
    private static final int REQUEST_OBJECTS = 768;

    private final int clients;
    private final int requestsPerClient;
    private final LinkedHashMap<String, Deque<Request>> byClient =
            new LinkedHashMap<>(16, 0.75f, true);

    /**
     * One request.
     *
     * @param id of its sample
     * @param offset where its sample stands in the log
     * @param answer its predicted class, 0 where classes are pooled
     * @param input window coordinates of its input
     * @param h profile coordinates of its image
     * @param tail tau, the rest of its lift
     * @param norm length of {@code input}
     * @param depth how many requests led to it in steps that were close, itself included
     */
    record Request(
            String id,
            long offset,
            int answer,
            double[] input,
            double[] h,
            double tail,
            double norm,
            int depth) {
        Request at(int steps) {
            return new Request(id, offset, answer, input, h, tail, norm, steps);
        }
    }

    /**
     * A request and how it differs from another one.
     *
     * @param depth of that other one
     */
    record Near(Request request, PairRatio ratio, int depth) {}

    public RecentRequests(int clients, int requestsPerClient) {
        if (clients < 1 || requestsPerClient < 1) {
            throw new IllegalArgumentException(
                    "recent requests: at least one client and one request, found "
                            + clients
                            + " and "
                            + requestsPerClient);
        }
        this.clients = clients;
        this.requestsPerClient = requestsPerClient;
    }

    /**
     * Returns how many bytes all requests take that can be remembered, about.
     *
     * @param width of an input's window coordinates
     * @param dimension of an image's profile coordinates
     */
    long mostBytes(int width, int dimension) {
        long request = REQUEST_OBJECTS + (long) Double.BYTES * (width + dimension);
        return (long) clients * requestsPerClient * request;
    }

    /**
     * Compares a request with the nearest one its client sent before, then remembers it, in the
     * place of the one it repeats if it does.
     *
     * @param repeat distances at or below this are repeats and are passed over
     * @param near distances above this are unrelated inputs
     * @param close distances below this are a step of a trail
     * @return the nearest one, null if none is that near
     */
    Near observe(String client, Request request, double repeat, double near, double close) {
        Deque<Request> earlier = requestsOf(client);
        Request nearest = null;
        Request repeated = null;
        double best = near * near;
        int depth = 1;
        // The newest first: whoever searches in small steps stays near the last, and the distance
        // from it ends the others' early.
        for (Iterator<Request> others = earlier.descendingIterator(); others.hasNext(); ) {
            Request other = others.next();
            double squared =
                    Matrix.squaredDistance(
                            request.input(), other.input(), Math.max(best, close * close));
            if (squared <= repeat * repeat) {
                repeated = other;
                depth = Math.max(depth, other.depth());
                continue;
            }
            if (squared < close * close) {
                depth = Math.max(depth, Math.min(other.depth(), MOST_DEPTH - 1) + 1);
            }
            if (nearest == null ? squared <= best : squared < best) {
                best = squared;
                nearest = other;
            }
        }
        // Retries must not push out what the next request is to be compared with.
        earlier.remove(repeated);
        remember(earlier, request.at(depth));
        return nearest == null ? null : new Near(nearest, ratio(request, nearest, best), depth);
    }

    static PairRatio ratio(Request a, Request b, double squaredDistance) {
        return PairRatio.of(a.h(), a.tail(), a.norm(), b.h(), b.tail(), b.norm(), squaredDistance);
    }

    private Deque<Request> requestsOf(String client) {
        Deque<Request> requests = byClient.computeIfAbsent(client, key -> new ArrayDeque<>());
        if (byClient.size() > clients) {
            byClient.remove(byClient.keySet().iterator().next());
        }
        return requests;
    }

    private void remember(Deque<Request> requests, Request request) {
        if (requests.size() == requestsPerClient) {
            requests.removeFirst();
        }
        requests.addLast(request);
    }

    /**
     * Writes the clients, the longest silent first, each with its requests, the oldest first.
     *
     * <pre>
     *   int clients | clients x (name | int requests | requests x request)
     *   request = name | long offset | int answer
     *       | width x double input | p x double h | double tail | double norm | int depth
     *   name = int bytes | UTF-8
     * </pre>
     */
    void write(DataOutput out) throws IOException {
        out.writeInt(byClient.size());
        for (Map.Entry<String, Deque<Request>> client : byClient.entrySet()) {
            Names.write(out, client.getKey());
            out.writeInt(client.getValue().size());
            for (Request request : client.getValue()) {
                write(out, request);
            }
        }
    }

    private static void write(DataOutput out, Request request) throws IOException {
        Names.write(out, request.id());
        out.writeLong(request.offset());
        out.writeInt(request.answer());
        for (double value : request.input()) {
            out.writeDouble(value);
        }
        for (double value : request.h()) {
            out.writeDouble(value);
        }
        out.writeDouble(request.tail());
        out.writeDouble(request.norm());
        out.writeInt(request.depth());
    }

    /**
     * Reads what {@link #write} wrote; of more than there is room for, what came last.
     *
     * @param width window coordinates of an input
     * @param p profile coordinates
     * @param classes that answers are of
     * @param depths whether requests have one; those of jobs of before begin with 1
     */
    void read(DetectorInput in, int width, int p, int classes, boolean depths) throws IOException {
        int count = in.count("clients", 0, LEAST_CLIENT_BYTES);
        for (int c = 0; c < count; c++) {
            String client = Names.read(in, "client id");
            if (byClient.containsKey(client)) {
                throw new IOException("each client once expected, found " + client + " again");
            }
            Deque<Request> requests = requestsOf(client);
            int sent = in.count("requests", 1, (width + p) * Double.BYTES);
            for (int i = 0; i < sent; i++) {
                remember(requests, request(in, width, p, classes, depths));
            }
        }
    }

    private static Request request(DetectorInput in, int width, int p, int classes, boolean depths)
            throws IOException {
        String id = Names.read(in, "sample id");
        long offset = in.readLong();
        int answer = in.integer("answer", 0, classes - 1);
        double[] input = values(in, width);
        double[] h = values(in, p);
        double tail = in.finite("tail");
        double norm = in.finite("norm");
        if (tail < 0 || !(norm > 0)) {
            throw new IOException(
                    "a tail from 0 and a positive norm expected, found " + tail + " and " + norm);
        }
        int depth = depths ? in.integer("depth", 1, MOST_DEPTH) : 1;
        return new Request(id, offset, answer, input, h, tail, norm, depth);
    }

    private static double[] values(DetectorInput in, int count) throws IOException {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.finite("coordinate");
        }
        return values;
    }
}
