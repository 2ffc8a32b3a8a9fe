package io.spectrawatch.ops.demo.attack;

import ai.onnxruntime.OrtException;
import io.spectrawatch.ops.evaluate.FeatureExtractor;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.attack.HeavyHitters;
import io.spectrawatch.spectral.detect.attack.TrailOptions;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.detect.pairs.ClientPairs;
import io.spectrawatch.spectral.detect.pairs.NearPair;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sends requests of many clients to an example model, and counts who is on a trail. */
final class SearchRuns implements AutoCloseable {

    /** As the monitor's own: .1 a day, 128 clients on each of 4 shards, panes of a minute. */
    private static final double THRESHOLD =
            new TrailOptions(0.1, 4 * 128, 5, 64).logThreshold(60_000_000L);

    private static final int REMEMBERED = 8;

    private final FeatureExtractor extractor;
    private final Kernels kernels;
    private final Detector detector;
    private final Scorer scorer;
    private final NpyArray clean;
    private final int[] answers;

    /**
     * When clients were first on a trail and when their searches ended.
     *
     * @param flagged by client the number of its request, 0 for never
     * @param succeeded likewise
     * @param close share of all requests that were close to one before
     * @param single share of them that single scores flag at .01
     */
    record Outcome(int[] flagged, int[] succeeded, double close, double single) {

        long flagged(int after) {
            long found = 0;
            for (int i = 0; i < flagged.length; i++) {
                boolean inTime = flagged[i] > 0 && (succeeded[i] == 0 || flagged[i] < succeeded[i]);
                found += lasts(i, after) && inTime ? 1 : 0;
            }
            return found;
        }

        /** Searches that have not succeeded with so many requests. */
        long lasting(int after) {
            long lasting = 0;
            for (int i = 0; i < flagged.length; i++) {
                lasting += lasts(i, after) ? 1 : 0;
            }
            return lasting;
        }

        private boolean lasts(int search, int after) {
            return succeeded[search] == 0 || succeeded[search] > after;
        }

        static int median(int[] numbers) {
            int[] known = Arrays.stream(numbers).filter(n -> n > 0).sorted().toArray();
            return known.length == 0 ? 0 : known[known.length / 2];
        }
    }

    SearchRuns(Path example, String model, List<String> layers) throws Exception {
        byte[] bytes = Files.readAllBytes(example.resolve(model + ".onnx"));
        extractor = FeatureExtractor.open(bytes, layers, "logits", false);
        kernels = KernelProviders.open(KernelChoice.HOST);
        NpyArray reference = NpyFile.read(example.resolve("reference.npz"));
        clean = NpyFile.read(example.resolve("clean.npz"));
        detector =
                Detector.fit(
                                extractor.run(reference, "reference"),
                                DetectorOptions.defaults(),
                                null,
                                kernels)
                        .weighted();
        scorer = detector.scorer(kernels);
        answers = scorer.score(extractor.run(clean, "clean")).predicted();
    }

    int rows() {
        return answers.length;
    }

    int answer(int row) {
        return answers[row];
    }

    float[] clean(int row) {
        int size = clean.rowSize();
        return Arrays.copyOfRange(clean.values(), row * size, (row + 1) * size);
    }

    /** A clean row that gets another answer than one. */
    float[] otherThan(int row) {
        int other = (row + 1) % rows();
        while (answers[other] == answers[row]) {
            other = (other + 1) % rows();
        }
        return clean(other);
    }

    /** Each search is a client of its own; all ask in turn until they succeed. */
    Outcome run(List<QuerySearch> searches, int most) {
        int clients = searches.size();
        ClientPairs pairs = detector.clientPairs(clients, REMEMBERED);
        HeavyHitters counts = new HeavyHitters(clients);
        int[] flagged = new int[clients];
        int[] succeeded = new int[clients];
        long asked = 0;
        long close = 0;
        long single = 0;
        for (int query = 1; query <= most; query++) {
            List<Integer> live = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                if (succeeded[i] == 0) {
                    live.add(i);
                }
            }
            if (live.isEmpty()) {
                break;
            }
            Activations rows = extractor.run(rows(searches, live), "queries");
            Scored scored = scorer.measure(rows, pairs);
            float[] logits = rows.values(rows.indexOf(TapRole.LOGITS));
            int classes = logits.length / live.size();
            for (int at = 0; at < live.size(); at++) {
                int i = live.get(at);
                int answer = scored.predicted()[at];
                NearPair pair = pairs.observe(at, "c" + i, "q" + query, query, answer);
                boolean near = pair != null && pair.depth() >= TrailOptions.LEAST_DEPTH;
                HeavyHitters.Entry own = counts.count("c" + i, near);
                boolean trail =
                        TrailOptions.logEvidence(own.samples(), own.exceedances()) >= THRESHOLD;
                flagged[i] = flagged[i] == 0 && trail ? query : flagged[i];
                asked++;
                close += near ? 1 : 0;
                single += scored.p()[at] <= 0.01 ? 1 : 0;
                searches.get(i)
                        .answer(Arrays.copyOfRange(logits, at * classes, (at + 1) * classes));
                succeeded[i] = searches.get(i).succeeded() ? query : 0;
            }
            pairs.clear();
        }
        return new Outcome(flagged, succeeded, (double) close / asked, (double) single / asked);
    }

    private NpyArray rows(List<QuerySearch> searches, List<Integer> live) {
        int size = clean.rowSize();
        float[] values = new float[live.size() * size];
        for (int at = 0; at < live.size(); at++) {
            System.arraycopy(searches.get(live.get(at)).query(), 0, values, at * size, size);
        }
        int[] shape = clean.shape().clone();
        shape[0] = live.size();
        return new NpyArray(shape, values);
    }

    @Override
    public void close() throws OrtException {
        extractor.close();
        kernels.close();
    }
}
