package io.spectrawatch.ops.evaluate;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import io.spectrawatch.spectral.detect.Activations;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.Head;
import io.spectrawatch.spectral.evaluate.DefaultTaps;
import io.spectrawatch.spectral.evaluate.Evaluation;
import io.spectrawatch.spectral.evaluate.EvaluationReport;
import io.spectrawatch.spectral.evaluate.FeatureExtractor;
import io.spectrawatch.spectral.evaluate.NpyArray;
import io.spectrawatch.spectral.evaluate.NpyFile;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.onnx.OnnxFormatException;
import io.spectrawatch.spectral.onnx.OnnxHead;
import io.spectrawatch.spectral.onnx.OnnxModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures the detectors on a user's own model with clean and attacked inputs. */
public final class Evaluate {
    private final EvaluateOptions options;

    /** Prepares an evaluation. */
    public Evaluate(EvaluateOptions options) {
        this.options = options;
    }

    /**
     * Runs it.
     *
     * @throws IOException if a file cannot be read
     * @throws OrtException if the model does not run
     * @throws IllegalArgumentException if the inputs do not fit the model or are too few
     */
    public EvaluationReport run() throws IOException, OrtException {
        byte[] bytes = Files.readAllBytes(options.model());
        OnnxModel model = OnnxModel.parse(bytes);
        String logits = options.logits() == null ? DefaultTaps.logits(model) : options.logits();
        List<String> layers =
                options.layers().isEmpty() ? DefaultTaps.layers(model, logits) : options.layers();
        try (FeatureExtractor extractor =
                        FeatureExtractor.open(bytes, layers, logits, options.pool());
                Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Activations reference =
                    extract(extractor, InputFiles.join(options.reference()), "reference");
            Activations clean = extract(extractor, NpyFile.read(options.clean()), "clean");
            if (options.labels() != null) {
                Labels labels = Labels.read(options.labels(), reference, clean);
                reference = labels.answeredRightly(reference);
                clean = labels.answeredRightly(clean);
            }
            Map<String, Activations> attacked = new LinkedHashMap<>();
            for (Path file : options.attacked()) {
                String name = InputFiles.name(file);
                if (attacked.put(name, extract(extractor, NpyFile.read(file), file.toString()))
                        != null) {
                    throw new IllegalArgumentException(
                            "attacked: files with different names, found '" + name + "' twice");
                }
            }
            return Evaluation.run(
                    reference,
                    clean,
                    attacked,
                    DetectorOptions.defaults().withCoordinates(options.coordinates()),
                    head(bytes, layers, logits),
                    kernels);
        }
    }

    /** The weights behind the logits, null where the last layer is not what they are applied to. */
    private static Head head(byte[] model, List<String> layers, String logits) {
        try {
            OnnxHead head = OnnxHead.read(model, logits);
            boolean read = head.embedding().equals(layers.get(layers.size() - 1));
            return read ? Head.of(head.weights(), head.bias()) : null;
        } catch (OnnxFormatException e) {
            // Not every model ends in a linear layer; its scores are then absent or regressed.
            return null;
        }
    }

    private static Activations extract(FeatureExtractor extractor, NpyArray rows, String source)
            throws OrtException {
        try {
            return extractor.run(rows, source);
        } catch (IllegalArgumentException e) {
            String message = e.getMessage();
            throw message.startsWith(source)
                    ? e
                    : new IllegalArgumentException(source + ": " + message, e);
        }
    }

    /** Prints the table of every score and the combination. */
    public static void print(EvaluationReport report, PrintWriter out) {
        ReportWriter.print(report, out);
    }

    /** Returns the report as JSON. */
    public static JsonNode json(EvaluationReport report) {
        return ReportWriter.json(report);
    }
}
