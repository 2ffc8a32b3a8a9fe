package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.evaluate.Bases;
import io.spectrawatch.spectral.basis.InputBasis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code basis}: makes the basis in which inputs are published instead of their values. */
@Command(
        name = "basis",
        mixinStandardHelpOptions = true,
        description =
                "Finds the leading principal directions of trusted inputs and writes them to a file,"
                        + " for capture --basis and the Python tap.",
        footerHeading = "%nExamples:%n",
        footer = {"  spectrawatch basis --from reference.npz --rank 128 --out pixels.basis"})
final class BasisCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            required = true,
            description =
                    "Trusted inputs (.npy or .npz, the first dimension counts them), as the model"
                            + " reads them; repeatable.")
    private List<Path> from = new ArrayList<>();

    @Option(
            names = "--rank",
            defaultValue = "128",
            paramLabel = "N",
            description = "Directions at most (default: ${DEFAULT-VALUE}).")
    private int rank;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The file.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        if (rank < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--rank must be at least 1, found " + rank);
        }
        Bases.Made made = Bases.of(from, rank);
        InputBasis basis = made.basis();
        Files.write(out, basis.toBytes());
        spec.commandLine()
                .getOut()
                .printf(
                        "%s: %d inputs of %,d values in %d directions, which hold %.2f %% of their"
                                + " energy%n",
                        basis.tap(),
                        made.inputs(),
                        basis.columns(),
                        basis.published() - 1,
                        100 * made.inside());
        return 0;
    }
}
