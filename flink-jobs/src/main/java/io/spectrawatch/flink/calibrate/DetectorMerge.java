package io.spectrawatch.flink.calibrate;

import io.spectrawatch.spectral.detect.Activations;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.Tap;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Third stage: chooses among the samples of all shards and fits the detector on them. */
final class DetectorMerge implements Merge {

    private final CalibrateSettings settings;
    private final CalibrationTools tools;
    private final ReferenceSamples samples;

    DetectorMerge(CalibrateSettings settings, CalibrationTools tools) {
        this.settings = settings;
        this.tools = tools;
        this.samples = settings.detecting().samples();
    }

    @Override
    public void accept(byte[] payload) {
        samples.add(ReferenceSample.fromBytes(payload), payload);
    }

    @Override
    public void end(Consumer<byte[]> out) {
        // Other slots have nothing to say.
        if (!samples.payloads().isEmpty()) {
            out.accept(fit(samples.payloads().stream().toList()).toBytes());
        }
    }

    private DetectorOutcome fit(List<byte[]> payloads) {
        int rows = 0;
        for (byte[] payload : payloads) {
            rows += ReferenceSample.fromBytes(payload).rows();
        }
        try {
            Detector detector =
                    Detector.fit(
                            activations(payloads, rows),
                            options(rows > payloads.size()),
                            null,
                            tools.kernels());
            return new DetectorOutcome(payloads.size(), null, detector.weighted().toBytes());
        } catch (IllegalArgumentException | ArithmeticException e) {
            // Certificates need no detector.
            return DetectorOutcome.refused(payloads.size(), e.getMessage());
        }
    }

    private DetectorOptions options(boolean tokens) {
        DetectorOptions options =
                (tokens ? DetectorOptions.forTokens() : DetectorOptions.defaults())
                        .withSeed(settings.seed());
        int coordinates = settings.detecting().coordinates();
        return coordinates == 0 ? options : options.withCoordinates(coordinates);
    }

    private static Activations activations(List<byte[]> payloads, int rows) {
        List<Tap> taps = ReferenceSample.fromBytes(payloads.get(0)).taps();
        float[][] values = new float[taps.size()][];
        for (int t = 0; t < values.length; t++) {
            values[t] = new float[Math.multiplyExact(rows, taps.get(t).dimension())];
        }
        int[] owners = new int[rows];
        int at = 0;
        for (int s = 0; s < payloads.size(); s++) {
            ReferenceSample sample = ReferenceSample.fromBytes(payloads.get(s));
            if (!sample.taps().equals(taps)) {
                throw new IllegalArgumentException(
                        "the layers change within the range: " + taps + ", also " + sample.taps());
            }
            for (int t = 0; t < values.length; t++) {
                float[] own = sample.values().get(t);
                System.arraycopy(own, 0, values[t], at * taps.get(t).dimension(), own.length);
            }
            Arrays.fill(owners, at, at + sample.rows(), s);
            at += sample.rows();
        }
        return Activations.of(taps, values, owners);
    }

    @Override
    public void close() {
        samples.clear();
    }
}
