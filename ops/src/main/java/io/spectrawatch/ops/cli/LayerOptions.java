package io.spectrawatch.ops.cli;

import io.spectrawatch.ingest.capture.TappedOutput;
import io.spectrawatch.schemas.LayerRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which tensors {@code capture} takes, and what they are. */
final class LayerOptions {

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

    /**
     * The tensors in the order of the chain.
     *
     * @param otherwise those to take where none is named
     * @throws IllegalArgumentException if there are none, or a tap is of another or too long
     */
    List<TappedOutput> tapped(List<TappedOutput> otherwise) {
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
        for (String name : taps.keySet()) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException(
                        "--tap names a layer that is captured, "
                                + names
                                + "; found '"
                                + name
                                + "'");
            }
        }
        tapped.replaceAll(each -> each.withTap(taps.get(each.tensor())));
        return tapped;
    }
}
