package io.spectrawatch.spectral.onnx;

/**
 * Bytes that are not an ONNX model this reader understands, or a tensor name the model does not
 * have.
 */
public final class OnnxFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Creates the error; the message names what was allowed and what was found. */
    public OnnxFormatException(String message) {
        super(message);
    }
}
