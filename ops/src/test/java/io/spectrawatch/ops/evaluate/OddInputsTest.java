package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.spectral.cases.Cases;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on odd models and labels, as a user gives them. */
class OddInputsTest {

    @TempDir private Path folder;

    private record Said(int code, String out, String err) {}

    private Said evaluate(String model, String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "evaluate",
                                "--model",
                                Cases.copy(folder, model).toString(),
                                "--reference",
                                Cases.copy(folder, "reference.npy").toString(),
                                "--clean",
                                Cases.copy(folder, "clean.npy").toString(),
                                "--attacked",
                                Cases.copy(folder, "attacked.npy").toString()));
        args.addAll(Arrays.asList(more));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                Main.execute(
                        new PrintWriter(out), new PrintWriter(err), args.toArray(new String[0]));
        return new Said(code, out.toString(), err.toString());
    }

    private static void refused(Said said, String... parts) {
        assertEquals(1, said.code(), said.toString());
        assertEquals(1, said.err().lines().count(), said.err());
        for (String part : parts) {
            assertTrue(said.err().contains(part), said.err());
        }
    }

    @Test
    void labelsThatFitBothSetsAreRefusedAndEachSetHasItsOwn() {
        String labels = Cases.copy(folder, "labels/yref.npy").toString();
        refused(
                evaluate("m.onnx", "--labels", labels),
                "yref.npy",
                "ambiguous",
                "--reference-labels");
        Said own = evaluate("m.onnx", "--reference-labels", labels);
        assertEquals(0, own.code(), own.err());
        assertTrue(own.out().contains("measured on 1000 clean ones"), own.out());
        assertTrue(own.out().contains("AUROC 0.7750"), own.out());
    }

    @Test
    void whatIsLeftOutIsPrinted() {
        Said said = evaluate("constant-layer/dead.onnx", "--layers", "dead,r0,r1");
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().contains("left out: layer dead (all its 48"), said.out());
    }

    @Test
    void modelsThatAreNoneAreOneLine() throws Exception {
        refused(evaluate("messages/lfs.onnx"), "lfs.onnx", "git lfs pull");
        Path cut = folder.resolve("cut.onnx");
        byte[] whole = Files.readAllBytes(Cases.copy(folder, "m.onnx"));
        Files.write(cut, Arrays.copyOf(whole, 5000));
        refused(evaluate("cut.onnx"), "cut.onnx", "cut off");
        refused(evaluate("external-data/A/model.onnx"), "model.onnx_data", "put it at");
    }
}
