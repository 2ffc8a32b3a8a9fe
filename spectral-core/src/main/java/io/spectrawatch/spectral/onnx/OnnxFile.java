package io.spectrawatch.spectral.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * An ONNX model on a disk, together with the files beside it that hold its weights.
 *
 * <pre>{@code
 * OnnxFile file = OnnxFile.read(Path.of("model.onnx"));
 * try (OrtSession session = file.session(environment, List.of("layer.0/output"), options)) { ... }
 * }</pre>
 *
 * <p>Weights beside the model are read by ONNX Runtime itself and never enter Java's heap, so they
 * may be of any size.
 */
public final class OnnxFile {
    /** Protobuf messages, and so ONNX files, are shorter than this. */
    private static final long MOST_BYTES = Integer.MAX_VALUE - 8;

    /** The file, and once more with the tapped outputs. */
    private static final int COPIES = 2;

    /** The rest of the process needs some memory, too. */
    private static final double HEAP_SHARE = 0.8;

    private static final String FOLDER_OF_EXTERNAL_WEIGHTS =
            "session.model_external_initializers_file_folder_path";

    private static final String POINTER = "version https://git-lfs";

    private final Path path;
    private final byte[] bytes;
    private final OnnxModel model;
    private final ExternalFiles external;
    private final String digest;

    private OnnxFile(Path path, byte[] bytes, OnnxModel model, ExternalFiles external)
            throws IOException {
        this.path = path;
        this.bytes = bytes;
        this.model = model;
        this.external = external;
        this.digest = external.digest(bytes);
    }

    /**
     * Reads a model and looks for the files beside it.
     *
     * @throws IOException if a file cannot be read, is no ONNX model, is cut off or too large, or
     *     is missing; the message names the file and what to do
     */
    public static OnnxFile read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + ": an ONNX model expected, found a folder");
        }
        long size = Files.size(path);
        requireRoom(path, size);
        byte[] bytes = Files.readAllBytes(path);
        String other = notOnnx(bytes);
        if (other != null) {
            throw new IOException(path + ": an ONNX model expected, found " + other);
        }
        try {
            OnnxModel model = OnnxModel.parse(bytes);
            return new OnnxFile(
                    path, bytes, model, new ExternalFiles(path, ExternalTensor.of(bytes)));
        } catch (OnnxFormatException e) {
            throw new IOException(
                    path
                            + ": "
                            + e.getMessage()
                            + " (of "
                            + bytes.length
                            + "); the file is damaged, cut off or no ONNX model: copy or export it"
                            + " again",
                    e);
        }
    }

    private static void requireRoom(Path path, long size) throws IOException {
        if (size > MOST_BYTES) {
            throw new IOException(
                    path
                            + ": "
                            + size
                            + " bytes; an ONNX file may have at most "
                            + MOST_BYTES
                            + " (2 GiB): save its weights beside it, in Python with"
                            + " onnx.save_model(..., save_as_external_data=True)");
        }
        long heap = Runtime.getRuntime().maxMemory();
        if (COPIES * size > HEAP_SHARE * heap) {
            throw new IOException(
                    path
                            + ": a model file of "
                            + (size >> 20)
                            + " MiB needs about "
                            + (COPIES * size >> 20)
                            + " MiB of Java's heap of "
                            + (heap >> 20)
                            + " MiB; give Java more (-Xmx), or save the weights beside the file"
                            + " (save_as_external_data), which need none");
        }
    }

    /** What often has the name of a model and is none, null for what may be one. */
    private static String notOnnx(byte[] bytes) {
        String start =
                new String(bytes, 0, Math.min(32, bytes.length), StandardCharsets.ISO_8859_1);
        if (start.isEmpty()) {
            return "an empty file";
        }
        if (start.startsWith(POINTER)) {
            return pointer();
        }
        if (start.startsWith("PK\3\4")) {
            return "a ZIP archive, such as a PyTorch checkpoint; export it with torch.onnx.export,"
                    + " or unpack it";
        }
        if (start.startsWith("\u0089HDF")) {
            return "an HDF5 file, such as Keras writes; export it with tf2onnx";
        }
        boolean markup = start.stripLeading().startsWith("<");
        return markup ? "a web page; download the file itself" : null;
    }

    private static String pointer() {
        return "a Git LFS pointer; git lfs pull fetches the file it stands for";
    }

    /** What to do about a file that is shorter than it should be. */
    static String mend(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String start = new String(in.readNBytes(POINTER.length()), StandardCharsets.ISO_8859_1);
            return start.equals(POINTER) ? "it is " + pointer() : "copy it again";
        }
    }

    /** Returns the graph. */
    public OnnxModel model() {
        return model;
    }

    /**
     * Returns the digest of the weights, lower-case hexadecimal: SHA-256 of the file, and where
     * weights lie beside it SHA-256 of a text with the hash of every file.
     */
    public String digest() {
        return digest;
    }

    /**
     * Reads the last linear layer, wherever its weights lie.
     *
     * @throws OnnxFormatException if what returns the logits is no linear layer with fp32 weights
     */
    public OnnxHead head(String logits) {
        return OnnxHead.read(OnnxWeights.parse(bytes, external::read), logits);
    }

    /**
     * Opens the model with more of its tensors as outputs.
     *
     * @param options the caller's to close; one more entry is set where weights lie beside the file
     * @throws OnnxFormatException if the model computes no tensor of a name
     * @throws OrtException if ONNX Runtime refuses the model
     */
    public OrtSession session(
            OrtEnvironment environment,
            Collection<String> outputs,
            OrtSession.SessionOptions options)
            throws OrtException {
        if (!external.isEmpty()) {
            Path folder = path.toAbsolutePath().getParent();
            options.addConfigEntry(FOLDER_OF_EXTERNAL_WEIGHTS, folder.toString());
        }
        return environment.createSession(
                model.withOutputs(List.copyOf(outputs)).toBytes(), options);
    }
}
