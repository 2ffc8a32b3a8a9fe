package io.spectrawatch.ops.cli.option;

import io.spectrawatch.ops.alert.AlertLog;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Who says something of an alert, and why. */
public final class NoteOptions {

    private static final int MOST_CHARACTERS = 2_000;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = "Who is recorded as saying so (default: the user who runs this).")
    private String author;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for those who come later.")
    private String reason = "";

    /**
     * @param now microseconds since the epoch
     */
    public AlertLog.Says says(CommandSpec spec, long now) {
        require(spec, "--by", author);
        require(spec, "--reason", reason);
        if (author.isBlank()) {
            throw new ParameterException(spec.commandLine(), "--by must name somebody");
        }
        return new AlertLog.Says(author, now, reason);
    }

    private static void require(CommandSpec spec, String option, String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new ParameterException(
                    spec.commandLine(),
                    option
                            + " takes up to "
                            + MOST_CHARACTERS
                            + " characters, found "
                            + text.length());
        }
    }
}
