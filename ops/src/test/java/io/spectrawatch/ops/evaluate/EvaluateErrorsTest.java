package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says when its inputs do not fit. */
class EvaluateErrorsTest {
    private static final Path EXAMPLE = Path.of("examples", "mnist");

    @TempDir private Path folder;

    @Test
    void tooFewReferenceSamples() throws IOException {
        Path few = array("few", 150, 784, 0);
        refused(
                "reference: at least 600 samples required, found 150",
                few,
                few,
                "--layers",
                "block0,embedding");
    }

    @Test
    void anotherShapeThanTheModelReads() throws IOException {
        Path wide = array("wide", 600, 10, 0);
        refused("reference: rows for the model's input 'pixels'", wide, wide);
    }

    @Test
    void valuesThatAreNotFinite() throws IOException {
        Path broken = array("broken", 2, 784, Float.NaN);
        refused("finite values required, found NaN", broken, broken);
    }

    @Test
    void aTensorTheModelDoesNotHave() throws IOException {
        Path rows = array("rows", 2, 784, 0);
        refused("no computed tensor named 'nowhere'", rows, rows, "--layers", "nowhere");
    }

    @Test
    void noArrayAtAll() throws IOException {
        Path text = Files.writeString(folder.resolve("text.npy"), "hello");
        refused("a NumPy array expected", text, text);
    }

    @Test
    void labelsForNobody() throws IOException {
        Path rows = array("rows", 2, 784, 0);
        Path labels = array("labels", 3, 1, 0);
        refused("one class per reference row (2)", rows, rows, "--labels", labels.toString());
    }

    private void refused(String part, Path reference, Path other, String... more) {
        StringWriter err = new StringWriter();
        String[] arguments = {
            "evaluate",
            "--model",
            EXAMPLE.resolve("mnist.onnx").toString(),
            "--reference",
            reference.toString(),
            "--clean",
            other.toString(),
            "--attacked",
            other.toString()
        };
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        int code =
                Main.execute(new PrintWriter(new StringWriter()), new PrintWriter(err, true), all);
        assertEquals(1, code);
        assertTrue(err.toString().contains(part), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    private Path array(String name, int rows, int columns, float value) throws IOException {
        float[] values = new float[rows * columns];
        Arrays.fill(values, value);
        return NpyWriter.write(folder.resolve(name + ".npy"), rows, values);
    }
}
