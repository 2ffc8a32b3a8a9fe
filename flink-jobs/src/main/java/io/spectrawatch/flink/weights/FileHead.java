package io.spectrawatch.flink.weights;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.spectral.detect.input.Head;
import io.spectrawatch.spectral.onnx.OnnxFile;
import io.spectrawatch.spectral.onnx.OnnxFormatException;
import io.spectrawatch.spectral.onnx.OnnxHead;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The head inside a model's own file, before anybody publishes it; for jobs on the machine that has
 * the file.
 */
public final class FileHead implements HeadSource {

    private static final long serialVersionUID = 1L;

    private final String file;
    private final String logits;

    /**
     * @param file the ONNX model
     * @param logits the tensor its head returns
     */
    public FileHead(Path file, String logits) {
        this.file = file.toString();
        this.logits = logits;
    }

    @Override
    public Optional<Head> load(ModelKey model) throws IOException {
        OnnxFile onnx = OnnxFile.read(Path.of(file));
        if (!onnx.digest().equals(model.digest())) {
            throw new IOException(
                    file
                            + " has the digest "
                            + onnx.digest()
                            + ", the snapshots of "
                            + model.model()
                            + " "
                            + model.version()
                            + " in the range have "
                            + model.digest()
                            + ": --model-file takes the file that made them; nothing was"
                            + " published");
        }
        try {
            OnnxHead head = onnx.head(logits);
            return Optional.of(Head.of(head.weights(), head.bias()));
        } catch (OnnxFormatException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
