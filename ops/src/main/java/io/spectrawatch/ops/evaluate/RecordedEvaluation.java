package io.spectrawatch.ops.evaluate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.text.Printable;
import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures the detectors on snapshots that a topic still holds: the model need not run again. */
public final class RecordedEvaluation {

    private final RecordedOptions options;

    /** Prepares an evaluation. */
    public RecordedEvaluation(RecordedOptions options) {
        this.options = options;
    }

    /**
     * Reads the selected samples, fits on the reference and measures.
     *
     * @throws IOException if the topic cannot be read
     * @throws IllegalArgumentException if the samples do not fit together or are too few
     */
    public RecordedReport run() throws IOException {
        RecordedSamples samples = new RecordedSamples(options);
        List<String> offsets;
        try (TopicRange topic = TopicRange.ofSnapshots(options.kafka(), options.topic())) {
            offsets = samples.read(topic);
        }
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            return new RecordedReport(
                    measure(samples, kernels),
                    options.topic(),
                    samples.model(),
                    samples.version(),
                    offsets,
                    samples.leftOut(),
                    samples.firstLeftOut(),
                    samples.incomplete(),
                    samples.incompleteNamed());
        }
    }

    private EvaluationReport measure(RecordedSamples samples, Kernels kernels) throws IOException {
        DetectorOptions detector =
                samples.reference().tokens()
                        ? DetectorOptions.forTokens()
                        : DetectorOptions.defaults();
        if (options.coordinates() > 0) {
            detector = detector.withCoordinates(options.coordinates());
        }
        List<Tap> taps = samples.taps().taps();
        boolean tokens = samples.tokens();
        Activations reference = samples.reference().activations(taps, tokens);
        Activations clean = samples.clean().activations(taps, tokens);
        Map<String, Activations> attacked = new LinkedHashMap<>();
        for (int i = 0; i < options.attacked().size(); i++) {
            String name = options.attacked().get(i).name();
            if (attacked.put(name, samples.attacked().get(i).activations(taps, tokens)) != null) {
                throw new IllegalArgumentException(
                        "--attacked: selections with different names, found '"
                                + name
                                + "' twice; call one NAME=...");
            }
        }
        return Evaluation.run(
                reference, clean, attacked, detector, options.report(), null, kernels);
    }

    /** Prints what was read, and the table of every score and the combination. */
    public static void print(RecordedReport recorded, PrintWriter out) {
        out.printf(
                "%s version %s in %s, offsets %s%n",
                Printable.text(recorded.model()),
                Printable.text(recorded.version()),
                recorded.topic(),
                String.join(" ", recorded.offsets()));
        if (recorded.leftOut() > 0) {
            out.printf(
                    "%d records left out, the first at %s%n",
                    recorded.leftOut(), Printable.text(recorded.firstLeftOut()));
        }
        if (recorded.incomplete() > 0) {
            out.printf("%d samples left out, for want of parts:%n", recorded.incomplete());
            recorded.incompleteNamed().forEach(each -> out.println("  " + Printable.text(each)));
        }
        ReportWriter.print(recorded.report(), out);
    }

    /** Returns the report as JSON: that of an evaluation on files, and what it was made on. */
    public static ObjectNode json(RecordedReport recorded) {
        ObjectNode root = ReportWriter.json(recorded.report());
        ObjectNode source = root.putObject("recorded");
        source.put("topic", recorded.topic());
        source.put("model", recorded.model());
        source.put("version", recorded.version());
        recorded.offsets().forEach(source.putArray("offsets")::add);
        source.put("leftOut", recorded.leftOut());
        source.put("incomplete", recorded.incomplete());
        recorded.incompleteNamed().forEach(source.putArray("incompleteNamed")::add);
        return root;
    }
}
