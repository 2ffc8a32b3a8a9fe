package io.spectrawatch.ops.calibrate;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.weights.FileHead;
import io.spectrawatch.flink.weights.HeadPublisher;
import io.spectrawatch.flink.weights.HeadSource;
import io.spectrawatch.ops.evaluate.DefaultTaps;
import io.spectrawatch.schemas.ModelEntry;
import io.spectrawatch.spectral.onnx.OnnxFile;
import io.spectrawatch.spectral.onnx.OnnxFormatException;
import io.spectrawatch.spectral.onnx.OnnxHead;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The last linear layer inside a model's file, on its way to the models topic. */
public final class HeadFile {

    private final Path file;
    private final String digest;
    private final OnnxHead head;

    private HeadFile(Path file, String digest, OnnxHead head) {
        this.file = file;
        this.digest = digest;
        this.head = head;
    }

    /**
     * Reads the head of a model.
     *
     * @param file the ONNX file
     * @param logits the tensor the head returns; null for the output of that name, or the only one
     * @throws IOException if the file is no ONNX model, or no linear layer returns the logits
     * @throws IllegalArgumentException if the model has several outputs and none is called logits
     */
    public static HeadFile read(Path file, String logits) throws IOException {
        OnnxFile onnx = OnnxFile.read(file);
        String tensor = logits == null ? DefaultTaps.logits(onnx.model()) : logits;
        try {
            return new HeadFile(file, onnx.digest(), onnx.head(tensor));
        } catch (OnnxFormatException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** The head for a calibration on this machine, which checks that it is the snapshots'. */
    HeadSource source() {
        return new FileHead(file, head.logits());
    }

    /** What was found, for people. */
    public String describe() {
        return head.embedding()
                + " ("
                + head.dimension()
                + ") -> "
                + head.logits()
                + " ("
                + head.classes()
                + ")";
    }

    /**
     * Publishes it under the digest of the weights, which the snapshots carry too.
     *
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @throws IOException if the brokers do not take it
     */
    public ModelEntry publish(
            String model, String version, Map<String, ?> client, String topicPrefix)
            throws IOException {
        return new HeadPublisher(client, topicPrefix)
                .publish(new ModelKey(model, version, digest), head.weights(), head.bias());
    }
}
