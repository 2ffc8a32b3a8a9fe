package io.spectrawatch.spectral.onnx;

import io.spectrawatch.spectral.binary.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files beside a model that hold its weights: always in the folder of the model or below it,
 * never where the process happens to run.
 */
final class ExternalFiles {
    private static final int BLOCK = 1 << 20;

    private final Path model;
    private final Map<String, Path> files = new TreeMap<>(ExternalTensor::byBytes);

    /**
     * Finds the files.
     *
     * @throws IOException if one is missing, lies elsewhere, or is too short
     */
    ExternalFiles(Path model, List<ExternalTensor> tensors) throws IOException {
        this.model = model;
        for (ExternalTensor tensor : tensors) {
            Path file = files.get(tensor.location());
            if (file == null) {
                file = find(tensor);
                files.put(tensor.location(), file);
            }
            long size = Files.size(file);
            long end = tensor.offset() + Math.max(0, tensor.length());
            if (end < 0 || end > size) {
                throw new IOException(
                        file
                                + ": tensor '"
                                + tensor.tensor()
                                + "' of "
                                + model
                                + " needs "
                                + tensor.length()
                                + " bytes from byte "
                                + tensor.offset()
                                + ", the file has "
                                + size
                                + "; "
                                + OnnxFile.mend(file));
            }
        }
    }

    private Path find(ExternalTensor tensor) throws IOException {
        Path location;
        try {
            location = Path.of(tensor.location());
        } catch (InvalidPathException e) {
            throw elsewhere(tensor);
        }
        boolean inside =
                !tensor.location().isEmpty()
                        && !location.isAbsolute()
                        && tensor.location().chars().noneMatch(c -> c < ' ' || c == '\\');
        for (Path part : location) {
            inside = inside && !part.toString().equals("..");
        }
        if (!inside) {
            throw elsewhere(tensor);
        }
        Path file = model.resolveSibling(location);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IOException(
                    model
                            + ": the weights of tensor '"
                            + tensor.tensor()
                            + "' lie in '"
                            + location
                            + "' beside the model, and there is no such file to read; put it at "
                            + file);
        }
        Path folder = model.toAbsolutePath().getParent().toRealPath();
        if (!file.toRealPath().startsWith(folder)) {
            throw new IOException(
                    file
                            + ": the weights of tensor '"
                            + tensor.tensor()
                            + "' may lie in the folder of the model or below it, found a link to "
                            + file.toRealPath()
                            + ", which ONNX Runtime does not follow; copy model and weights as"
                            + " files (cp -rL)");
        }
        return file;
    }

    private IOException elsewhere(ExternalTensor tensor) {
        return new IOException(
                model
                        + ": the weights of tensor '"
                        + tensor.tensor()
                        + "' may lie in the folder of the model or below it, found the location '"
                        + tensor.location()
                        + "'");
    }

    boolean isEmpty() {
        return files.isEmpty();
    }

    /** Reads a tensor's bytes. */
    byte[] read(ExternalTensor tensor) throws IOException {
        Path file = files.get(tensor.location());
        try (FileChannel channel = FileChannel.open(file)) {
            long length = tensor.length() < 0 ? channel.size() - tensor.offset() : tensor.length();
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, tensor.offset() + bytes.position()) < 0) {
                    throw new IOException(file + ": it became shorter while it was read");
                }
            }
            return bytes.array();
        }
    }

    /**
     * Returns the digest of the weights: that of the model file alone where nothing lies beside it,
     * else of this text, the locations in the order of their bytes:
     *
     * <pre>
     *   SHA-256 of the model file in hex LF
     *   SHA-256 of each other file in hex, two spaces, its location LF
     * </pre>
     */
    String digest(byte[] onnx) throws IOException {
        String own = hex(Sha256.digest().digest(onnx));
        if (files.isEmpty()) {
            return own;
        }
        StringBuilder text = new StringBuilder(own).append('\n');
        for (Map.Entry<String, Path> file : files.entrySet()) {
            text.append(hex(hash(file.getValue()))).append("  ").append(file.getKey()).append('\n');
        }
        return hex(Sha256.digest().digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] hash(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] block = new byte[BLOCK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                digest.update(block, 0, count);
            }
        }
        return digest.digest();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
