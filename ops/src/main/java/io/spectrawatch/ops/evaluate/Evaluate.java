package io.spectrawatch.ops.evaluate;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import io.spectrawatch.spectral.basis.InputBasis;
import io.spectrawatch.spectral.detect.DetectorOptions;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.numpy.NpyFile;
import io.spectrawatch.spectral.onnx.OnnxFile;
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
        OnnxFile onnx = OnnxFile.read(options.model());
        OnnxModel model = onnx.model();
        String logits =
                options.logits() == null
                        ? DefaultTaps.logits(model)
                        : DefaultTaps.named(model, options.logits());
        NpyArray reference = InputFiles.join(options.reference());
        if (!options.layers().isEmpty()) {
            return run(onnx, options.layers(), logits, reference, Map.of());
        }
        List<String> chosen = DefaultTaps.withInput(model, DefaultTaps.layers(model, logits));
        try {
            return run(onnx, chosen, logits, reference, Map.of());
        } catch (IllegalArgumentException e) {
            // One layer that nobody named stops no other; looked for only where something failed.
            Map<String, String> unusable = new LinkedHashMap<>();
            List<String> usable =
                    UsableLayers.of(onnx, chosen, options.pool(), reference, unusable);
            if (usable.isEmpty() || unusable.isEmpty()) {
                throw e;
            }
            return run(onnx, usable, logits, reference, unusable);
        }
    }

    /**
     * @param unusable layers left out, with the reason
     */
    private EvaluationReport run(
            OnnxFile onnx,
            List<String> layers,
            String logits,
            NpyArray referenceRows,
            Map<String, String> unusable)
            throws IOException, OrtException {
        Map<String, String> without = new LinkedHashMap<>(unusable);
        InputBasis basis =
                options.basis() == null
                        ? null
                        : InputBasis.fromBytes(Files.readAllBytes(options.basis()));
        try (FeatureExtractor extractor =
                        FeatureExtractor.open(onnx, layers, logits, options.pool());
                Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            Activations reference = extract(extractor, referenceRows, "reference", basis);
            Activations clean = extract(extractor, NpyFile.read(options.clean()), "clean", basis);
            Path referenceLabels = options.referenceLabels();
            Path cleanLabels = options.cleanLabels();
            if (options.labels() != null) {
                boolean first =
                        Labels.areOfReference(options.labels(), reference.rows(), clean.rows());
                referenceLabels = first ? options.labels() : referenceLabels;
                cleanLabels = first ? cleanLabels : options.labels();
            }
            reference = rightly(reference, referenceLabels, "reference");
            clean = rightly(clean, cleanLabels, "clean");
            Map<String, Activations> attacked = new LinkedHashMap<>();
            for (Path file : options.attacked()) {
                String name = InputFiles.name(file);
                if (attacked.put(
                                name,
                                extract(extractor, NpyFile.read(file), file.toString(), basis))
                        != null) {
                    throw new IllegalArgumentException(
                            "attacked: files with different names, found '" + name + "' twice");
                }
            }
            Head head = head(onnx, layers, logits, without);
            return Evaluation.run(
                            reference,
                            clean,
                            attacked,
                            DetectorOptions.defaults().withCoordinates(options.coordinates()),
                            options.report(),
                            head,
                            kernels)
                    .without(without);
        }
    }

    private static Activations rightly(Activations rows, Path labels, String set)
            throws IOException {
        return labels == null ? rows : Labels.read(labels, rows.rows(), set).answeredRightly(rows);
    }

    /** The weights behind the logits; null, with the reason, where they cannot be used. */
    private static Head head(
            OnnxFile model, List<String> layers, String logits, Map<String, String> without) {
        String embedding = layers.get(layers.size() - 1);
        try {
            OnnxHead head = model.head(logits);
            if (head.embedding().equals(embedding)) {
                return Head.of(head.weights(), head.bias());
            }
            without.put(
                    "head-consistency",
                    "the last layer is '"
                            + embedding
                            + "', the head reads '"
                            + head.embedding()
                            + "'");
        } catch (OnnxFormatException e) {
            // Not every model ends in a linear layer.
            without.put("head-consistency", e.getMessage());
        }
        return null;
    }

    private static Activations extract(
            FeatureExtractor extractor, NpyArray rows, String source, InputBasis basis) {
        try {
            Activations found = extractor.run(rows, source);
            return basis == null ? found : InBasis.of(found, basis);
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

    /** Writes the report as a page. */
    public static void page(EvaluationReport report, Path file) throws IOException {
        RocPage.write(report, file);
    }

    /** Prints each attack beside the single score that is best on the others. */
    public static void printLeaveOneOut(EvaluationReport report, PrintWriter out) {
        LeaveOneOut.print(report, out);
    }

    /** Returns the same as JSON, by attack. */
    public static JsonNode leaveOneOut(EvaluationReport report) {
        return LeaveOneOut.json(report);
    }

    /** Returns the report as JSON. */
    public static JsonNode json(EvaluationReport report) {
        return ReportWriter.json(report);
    }
}
