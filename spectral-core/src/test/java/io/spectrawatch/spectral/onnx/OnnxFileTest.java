package io.spectrawatch.spectral.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.cases.Cases;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxFileTest {
    @TempDir private Path folder;

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private Path external() {
        Cases.copy(folder, "external-data/A/model.onnx_data");
        return Cases.copy(folder, "external-data/A/model.onnx");
    }

    @Test
    void aFileAloneHasItsOwnHash() throws Exception {
        Path file = Cases.copy(folder, "m.onnx");
        assertEquals(sha256(Files.readAllBytes(file)), OnnxFile.read(file).digest());
    }

    @Test
    void aModelWithFilesBesideItHasTheHashOfTheirHashes() throws Exception {
        Path file = external();
        Path weights = file.resolveSibling("model.onnx_data");
        String text =
                sha256(Files.readAllBytes(file))
                        + "\n"
                        + sha256(Files.readAllBytes(weights))
                        + "  model.onnx_data\n";
        assertEquals(sha256(text.getBytes(StandardCharsets.UTF_8)), OnnxFile.read(file).digest());
        byte[] changed = Files.readAllBytes(weights);
        changed[100] ^= 1;
        Files.write(weights, changed);
        assertTrue(
                !OnnxFile.read(file)
                        .digest()
                        .equals(sha256(text.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void whatIsMissingOrCutOffIsNamedWithTheMend() throws Exception {
        Path file = external();
        Path weights = file.resolveSibling("model.onnx_data");
        byte[] whole = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(whole, 5000));
        refused(file, "needs 6144 bytes from byte 4608, the file has 5000", "copy it again");
        Files.writeString(weights, "version https://git-lfs.github.com/spec/v1\noid sha256:1\n");
        refused(file, "Git LFS pointer", "git lfs pull");
        Files.delete(weights);
        refused(file, "model.onnx", "'model.onnx_data'", "put it at " + weights);
    }

    @Test
    void weightsElsewhereAreRefused() throws Exception {
        byte[] model = Files.readAllBytes(external());
        for (String place :
                new String[] {"../model.onnxdat", "/etc/hostname.on", "a/../../odel.onn"}) {
            String text = new String(model, StandardCharsets.ISO_8859_1);
            String other = text.replace("model.onnx_data", place.substring(0, 15));
            Path file = folder.resolve("odd.onnx");
            Files.write(file, other.getBytes(StandardCharsets.ISO_8859_1));
            refused(file, "in the folder of the model or below it", place.substring(0, 15));
        }
    }

    @Test
    void weightsBehindALinkOutOfTheFolderAreRefusedWithTheMend() throws Exception {
        Path file = external();
        Path weights = file.resolveSibling("model.onnx_data");
        Path blob = Files.createDirectory(folder.resolve("blobs")).resolve("b1");
        Files.move(weights, blob);
        Files.createSymbolicLink(weights, blob);
        refused(file, "model.onnx_data", "a link to " + blob.toRealPath(), "cp -rL");
        Path inside = file.resolveSibling("inside");
        Files.move(blob, inside);
        Files.delete(weights);
        Files.createSymbolicLink(weights, inside);
        assertEquals(64, OnnxFile.read(file).digest().length());
    }

    @Test
    void aFolderIsNoModel() throws Exception {
        refused(Files.createDirectory(folder.resolve("d.onnx")), "d.onnx", "found a folder");
    }

    @Test
    void whatIsNoModelIsCalledWhatItIs() throws Exception {
        refused(Cases.copy(folder, "messages/lfs.onnx"), "Git LFS pointer", "git lfs pull");
        refused(written(""), "an empty file");
        refused(written("PK\3\4..."), "ZIP archive", "torch.onnx.export");
        refused(written("\n<!DOCTYPE html>"), "a web page");
        byte[] whole = Files.readAllBytes(Cases.copy(folder, "m.onnx"));
        for (int length : new int[] {1, 40, whole.length / 2, whole.length - 1}) {
            Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, length));
            refused(cut, "damaged, cut off or no ONNX model", "(of " + length + ")");
        }
    }

    @Test
    void moreThanProtobufHoldsIsRefusedBeforeItIsRead() throws Exception {
        Path file = folder.resolve("large.onnx");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        refused(file, "3221225472 bytes", "save_as_external_data");
    }

    private Path written(String text) throws IOException {
        return Files.write(folder.resolve("odd.onnx"), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void refused(Path file, String... parts) {
        String message = assertThrows(IOException.class, () -> OnnxFile.read(file)).getMessage();
        assertEquals(1, message.lines().count(), message);
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        assertTrue(message.contains(file.getParent().toString()), message);
    }

    @Test
    void theGraphSaysWhatCountsChannels() throws Exception {
        OnnxModel one = OnnxFile.read(Cases.copy(folder, "rank5/conv1d.onnx")).model();
        assertTrue(one.channelsFirst("c0"));
        assertTrue(one.channelsFirst("f0"));
        assertTrue(!one.channelsFirst("x"));
        OnnxModel plain = OnnxFile.read(Cases.copy(folder, "m.onnx")).model();
        assertTrue(!plain.channelsFirst("r0"));
    }
}
