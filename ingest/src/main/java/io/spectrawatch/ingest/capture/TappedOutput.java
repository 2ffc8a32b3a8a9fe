package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.spectral.text.TextNgrams;

/**
 * A tensor of the model whose activations are captured, computed by it or fed to it.
 *
 * @param tensor its name in the ONNX graph
 * @param role what it is for the model; that of an input of the graph is INPUT
 * @param tap what exactly is tapped, such as residual-pre-norm, residual-post-norm,
 *     attention-output or mlp-output; null where nobody says
 */
public record TappedOutput(String tensor, LayerRole role, String tap) {

    /** The text of a sample as counts of hashed n-grams: no tensor of the model, but its input. */
    static final TappedOutput TEXT =
            new TappedOutput(TextNgrams.FORMAT, LayerRole.INPUT, TextNgrams.FORMAT);

    /** Longest word for what is tapped. */
    private static final int MAX_TAP = 64;

    /** Checks the length of the tap. */
    public TappedOutput {
        if (tap != null && (tap.isEmpty() || tap.length() > MAX_TAP)) {
            throw new IllegalArgumentException(
                    "the tap of a layer must have 1.."
                            + MAX_TAP
                            + " characters, found "
                            + tap.length()
                            + " for '"
                            + tensor
                            + "'");
        }
    }

    /** A tensor of which nobody says what exactly it is. */
    public TappedOutput(String tensor, LayerRole role) {
        this(tensor, role, null);
    }

    /** How its rows are encoded: counts of n-grams fit exactly into 16 bits. */
    ElementType elementType(ElementType others) {
        return equals(TEXT) ? ElementType.FLOAT16 : others;
    }

    /** The same tensor, said to be this. */
    public TappedOutput withTap(String word) {
        return new TappedOutput(tensor, role, word);
    }
}
