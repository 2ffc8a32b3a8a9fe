/** Reads and writes ONNX models: graph, weights, external files, inputs and outputs. */
package io.spectrawatch.spectral.onnx;
