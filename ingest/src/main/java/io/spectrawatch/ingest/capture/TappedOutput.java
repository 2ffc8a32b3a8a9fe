package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.LayerRole;

/**
 * A tensor of the model whose activations are captured, computed by it or fed to it.
 *
 * @param tensor its name in the ONNX graph
 * @param role what it is for the model; that of an input of the graph is INPUT
 */
public record TappedOutput(String tensor, LayerRole role) {}
