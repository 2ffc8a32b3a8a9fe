package io.spectrawatch.ops.calibrate;

import io.spectrawatch.flink.blob.BlobFormat;
import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.flink.weights.HeadPublisher;
import io.spectrawatch.schemas.ModelEntry;
import io.spectrawatch.spectral.evaluate.DefaultTaps;
import io.spectrawatch.spectral.onnx.OnnxHead;
import io.spectrawatch.spectral.onnx.OnnxModel;
import java.io.IOException;
import java.util.Map;

/** The last linear layer inside a model's file, on its way to the models topic. */
public final class HeadFile {

    private final String digest;
    private final OnnxHead head;

    private HeadFile(String digest, OnnxHead head) {
        this.digest = digest;
        this.head = head;
    }

    /**
     * Reads the head of a model.
     *
     * @param onnx content of the ONNX file
     * @param logits the tensor the head returns; null for the output of that name, or the only one
     * @throws io.spectrawatch.spectral.onnx.OnnxFormatException if the file is no ONNX model, or no
     *     linear layer returns the logits
     * @throws IllegalArgumentException if the model has several outputs and none is called logits
     */
    public static HeadFile read(byte[] onnx, String logits) {
        String tensor = logits == null ? DefaultTaps.logits(OnnxModel.parse(onnx)) : logits;
        return new HeadFile(BlobFormat.hash(onnx), OnnxHead.read(onnx, tensor));
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
     * Publishes it under the digest of the file, which the snapshots carry too.
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
