package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.spectral.basis.InputBasis;
import io.spectrawatch.spectral.text.TextNgrams;

/**
 * A tensor of the model whose activations are captured, computed by it or fed to it.
 *
 * @param tensor its name in the ONNX graph
 * @param role what it is for the model; that of an input of the graph is INPUT
 * @param tap what exactly is tapped, such as residual-pre-norm, residual-post-norm,
 *     attention-output or mlp-output; null where nobody says
 * @param basis in which an input is published; null where its values are
 */
public record TappedOutput(String tensor, LayerRole role, String tap, InputBasis basis) {

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

    /** A tensor as it is. */
    public TappedOutput(String tensor, LayerRole role, String tap) {
        this(tensor, role, tap, null);
    }

    /** A tensor of which nobody says what exactly it is. */
    public TappedOutput(String tensor, LayerRole role) {
        this(tensor, role, null);
    }

    /** How its rows are encoded: counts of n-grams fit exactly into 16 bits. */
    ElementType elementType(ElementType others) {
        return equals(TEXT) ? ElementType.FLOAT16 : others;
    }

    /** The same tensor as coordinates in a basis, which names itself as the tap. */
    public TappedOutput in(InputBasis other) {
        return new TappedOutput(tensor, role, other.tap(), other);
    }

    /** Its rows as they are published. */
    LayerRows published(LayerRows rows) {
        if (basis == null) {
            return rows;
        }
        try {
            float[] coordinates = basis.coordinates(rows.values(), rows.columns());
            return new LayerRows(
                    basis.published(),
                    rows.firstRow(),
                    rows.positions(),
                    rows.phase(),
                    coordinates);
        } catch (IllegalArgumentException e) {
            throw new CaptureException("layer '" + tensor + "': " + e.getMessage(), e);
        }
    }

    /** The same tensor, said to be this. */
    public TappedOutput withTap(String word) {
        return new TappedOutput(tensor, role, word, basis);
    }
}
