package io.spectrawatch.ops.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.spectral.cases.Cases;
import io.spectrawatch.spectral.onnx.OnnxGraphBuilder;
import io.spectrawatch.spectral.onnx.OnnxType;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
        assertTrue(own.out().contains("AUROC 0.8651"), own.out());
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

    @Test
    void aLayerThatNobodyNamedStopsNoOther() throws Exception {
        byte[] model =
                new OnnxGraphBuilder("odd")
                        .input("x", OnnxType.FLOAT, -1, 3)
                        .node("Relu", List.of("x"), "fine")
                        .node("Sqrt", List.of("x"), "root")
                        .node("Tanh", List.of("root"), "broken")
                        .constant("w", new float[] {1, 0, 0, 1, 1, 1}, 3, 2)
                        .node("MatMul", List.of("fine", "w"), "y")
                        .output("fine", OnnxType.FLOAT, -1, 3)
                        .output("broken", OnnxType.FLOAT, -1, 3)
                        .output("y", OnnxType.FLOAT, -1, 2)
                        .toBytes();
        EvaluationReport report =
                new Evaluate(
                                new EvaluateOptions(
                                        Files.write(folder.resolve("odd.onnx"), model),
                                        List.of(rows("reference", 700, 1)),
                                        rows("clean", 100, 1),
                                        List.of(rows("attacked", 100, 3)),
                                        null,
                                        null,
                                        null,
                                        List.of(),
                                        "y",
                                        false,
                                        3,
                                        null,
                                        ReportOptions.defaults()))
                        .run();

        String reason = report.leftOut().get("layer broken");
        assertTrue(reason.contains("finite values required, found NaN"), reason);
        assertTrue(report.combined().get("attacked").auroc() > 0.6, report.combined().toString());
    }

    private Path rows(String name, int count, double spread) throws Exception {
        Random random = new Random(name.hashCode());
        float[] values = new float[3 * count];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (spread * random.nextGaussian());
        }
        return NpyWriter.write(folder.resolve(name + ".npy"), count, values);
    }
}
