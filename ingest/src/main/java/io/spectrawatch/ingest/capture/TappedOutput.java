package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.LayerRole;

/**
 * A tensor of the model whose activations are captured.
 *
 * @param tensor its name in the ONNX graph
 * @param role what it is for the model
 */
public record TappedOutput(String tensor, LayerRole role) {}
