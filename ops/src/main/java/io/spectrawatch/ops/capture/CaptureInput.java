package io.spectrawatch.ops.capture;

import io.spectrawatch.ingest.capture.CaptureSession;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A finite input of a model that can be captured batch by batch. */
public interface CaptureInput {

    /** Samples in all. */
    int size();

    /**
     * Captures the samples from {@code from} to {@code to}, exclusive.
     *
     * @param wait whether to wait for room in the buffer instead of dropping
     */
    CaptureSession.Outcome capture(
            CaptureSession session, int from, int to, long capturedAt, boolean wait)
            throws InterruptedException;

    /** Texts, one per sample. */
    static CaptureInput ofTexts(List<String> texts) {
        return new Texts(List.copyOf(texts));
    }

    /**
     * The lines of a UTF-8 file; blank ones are left out.
     *
     * @throws IOException if it cannot be read, is no UTF-8, or holds nothing but blank lines
     */
    static CaptureInput ofLines(Path file) throws IOException {
        return ofTexts(TextLines.read(file));
    }

    /**
     * Arrays by input name, whose first dimension counts the samples.
     *
     * @throws IOException if a file cannot be read, is no array, or the arrays differ in samples
     */
    static CaptureInput ofArrays(Map<String, Path> files) throws IOException {
        Map<String, NpyArray> arrays = new HashMap<>();
        Map<String, Integer> samples = new TreeMap<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            String name = file.getValue().toString();
            NpyArray array = NpyFile.read(file.getValue());
            if (array.rows() == 0) {
                throw new IOException(name + ": at least one sample expected, found none");
            }
            arrays.put(file.getKey(), array);
            samples.put(name, array.rows());
        }
        if (samples.values().stream().distinct().count() != 1) {
            throw new IOException("the arrays must have equally many samples, found " + samples);
        }
        return new Tensors(arrays, samples.values().iterator().next());
    }

    /** Texts in memory. */
    record Texts(List<String> texts) implements CaptureInput {

        @Override
        public int size() {
            return texts.size();
        }

        @Override
        public CaptureSession.Outcome capture(
                CaptureSession session, int from, int to, long capturedAt, boolean wait)
                throws InterruptedException {
            List<String> batch = texts.subList(from, to);
            return wait
                    ? session.captureBlocking(samples(from, to), batch, capturedAt)
                    : session.capture(samples(from, to), batch, capturedAt);
        }
    }

    /** Arrays in memory. */
    record Tensors(Map<String, NpyArray> arrays, int size) implements CaptureInput {

        @Override
        public CaptureSession.Outcome capture(
                CaptureSession session, int from, int to, long capturedAt, boolean wait)
                throws InterruptedException {
            Map<String, NpyArray> batch = new HashMap<>();
            arrays.forEach((name, array) -> batch.put(name, slice(array, from, to)));
            return wait
                    ? session.captureBlocking(samples(from, to), batch, capturedAt)
                    : session.capture(samples(from, to), batch, capturedAt);
        }

        private static NpyArray slice(NpyArray array, int from, int to) {
            int[] shape = array.shape().clone();
            int row = array.rowSize();
            shape[0] = to - from;
            return new NpyArray(shape, Arrays.copyOfRange(array.values(), from * row, to * row));
        }
    }

    private static List<Sample> samples(int from, int to) {
        List<Sample> samples = new ArrayList<>();
        for (int i = from; i < to; i++) {
            samples.add(WholeSample.of("sample-" + i, null, null, 1.0));
        }
        return samples;
    }
}
