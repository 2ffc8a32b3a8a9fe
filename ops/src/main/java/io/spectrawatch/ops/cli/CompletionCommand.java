package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.cli.completion.FishCompletion;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: what a shell needs to complete commands. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Writes a script by which a shell completes commands and options.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(spectrawatch completion bash)",
            "  source <(spectrawatch completion zsh)",
            "  spectrawatch completion fish | source"
        })
final class CompletionCommand implements Runnable {

    /** Shells that are known. */
    enum Shell {
        BASH,
        ZSH,
        FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    private Shell shell;

    @Override
    public void run() {
        CommandLine root = spec.root().commandLine();
        String script =
                switch (shell) {
                    // One script: for zsh it starts bashcompinit.
                    case BASH, ZSH -> AutoComplete.bash(Main.NAME, root);
                    case FISH -> FishCompletion.of(Main.NAME, root);
                };
        spec.commandLine().getOut().print(script);
        spec.commandLine().getOut().flush();
    }
}
