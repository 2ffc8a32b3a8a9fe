package io.spectrawatch.ops.cli.option;

import io.spectrawatch.ingest.capture.TappedOutput;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.spectral.basis.InputBasis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which tensors {@code capture} takes, and what they are. */
public final class LayerOptions {

    @Option(
            names = "--layer",
            paramLabel = "NAME[=ROLE]",
            mapFallbackValue = "HIDDEN",
            description =
                    "Tensor to tap, in the order of the chain; repeatable. ROLE is INPUT, HIDDEN"
                            + " (default), EMBEDDING or LOGITS.")
    private Map<String, LayerRole> layers = new LinkedHashMap<>();

    @Option(
            names = "--tap",
            paramLabel = "NAME=TAP",
            description =
                    "What exactly a --layer is, once known: residual-pre-norm, residual-post-norm,"
                            + " attention-output, mlp-output or another word of at most 64"
                            + " characters; repeatable. Another one under the same model version is"
                            + " a conflict.")
    private Map<String, String> taps = new LinkedHashMap<>();

    @Option(
            names = "--basis",
            paramLabel = "NAME=FILE",
            description =
                    "Publish an input of the model as coordinates in this basis, which 'basis'"
                            + " makes, and its distance from them, instead of its values;"
                            + " repeatable.")
    private Map<String, Path> bases = new LinkedHashMap<>();

    /**
     * The tensors in the order of the chain.
     *
     * @param otherwise those to take where none is named
     * @throws IllegalArgumentException if there are none, or a tap is of another or too long, or a
     *     file is no basis
     * @throws IOException if the file of a basis cannot be read
     */
    public List<TappedOutput> tapped(List<TappedOutput> otherwise) throws IOException {
        List<TappedOutput> tapped = new ArrayList<>();
        layers.forEach((name, role) -> tapped.add(new TappedOutput(name, role)));
        if (tapped.isEmpty()) {
            tapped.addAll(otherwise);
        }
        if (tapped.isEmpty()) {
            throw new IllegalArgumentException(
                    "--model needs at least one --layer; --list names its tensors");
        }
        List<String> names = tapped.stream().map(TappedOutput::tensor).toList();
        require("--tap", taps.keySet(), names);
        require("--basis", bases.keySet(), names);
        tapped.replaceAll(each -> each.withTap(taps.get(each.tensor())));
        for (Map.Entry<String, Path> each : bases.entrySet()) {
            if (taps.containsKey(each.getKey())) {
                throw new IllegalArgumentException(
                        "a basis is the tap of its layer, found --tap and --basis for '"
                                + each.getKey()
                                + "'");
            }
            InputBasis basis = InputBasis.fromBytes(Files.readAllBytes(each.getValue()));
            int at = names.indexOf(each.getKey());
            tapped.set(at, tapped.get(at).in(basis));
        }
        return tapped;
    }

    private static void require(String option, Set<String> given, List<String> names) {
        for (String name : given) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        option
                                + " names a layer that is captured, "
                                + names
                                + "; found '"
                                + name
                                + "'");
            }
        }
    }
}
