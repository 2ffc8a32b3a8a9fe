package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Examples of the help can be copied, and shells complete what there is. */
class HelpTest {

    private static final String NAME = "spectrawatch ";

    @TempDir private Path folder;

    private static List<CommandLine> all(CommandLine command) {
        List<CommandLine> all = new ArrayList<>(List.of(command));
        command.getSubcommands().values().forEach(each -> all.addAll(all(each)));
        return all;
    }

    private static CommandLine root() {
        return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Test
    void everyExampleIsWhole() {
        int examples = 0;
        for (CommandLine command : all(root())) {
            String text = String.join("\n", command.getCommandSpec().usageMessage().footer());
            for (String line : text.replace("\\\n", " ").split("\n")) {
                int begin = line.indexOf(NAME);
                if (begin >= 0) {
                    String arguments = line.substring(begin + NAME.length()).replace(")", "");
                    root().parseArgs(arguments.split("\\|")[0].strip().split("\\s+"));
                    examples++;
                }
            }
        }
        assertTrue(examples >= 15, examples + " examples");
    }

    /** Options that are parameters of a method have no name of their own. */
    @Test
    void whatAnOptionTakesHasAName() {
        for (CommandLine command : all(root())) {
            String usage = command.getUsageMessage();
            assertFalse(usage.contains("<arg"), usage);
        }
    }

    @Test
    void noExampleIsBroken() {
        for (CommandLine command : all(root())) {
            for (String line : command.getCommandSpec().usageMessage().footer()) {
                assertTrue(line.replace("%%", "%").length() < 80, line);
            }
        }
    }

    private static String completion(String shell) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertEquals(
                0,
                Main.execute(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        "completion",
                        shell),
                err.toString());
        return out.toString();
    }

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        Path script = folder.resolve("completion");
        Files.writeString(script, completion("bash"));
        assertEquals(completion("bash"), completion("zsh"));
        assertTrue(bash(script, "spectrawatch", "alerts", "").contains("feedback"));
        assertTrue(bash(script, "spectrawatch", "alerts", "list", "--ac").contains("--active"));
        assertTrue(bash(script, "spectrawatch", "completion", "").contains("fish"));
    }

    /** What bash would offer for the last word. */
    private static List<String> bash(Path script, String... words) throws Exception {
        String command =
                "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1));"
                        + " _complete_spectrawatch; printf '%s\\n' \"${COMPREPLY[@]}\"";
        List<String> line =
                new ArrayList<>(
                        List.of("bash", "--norc", "--noprofile", "-c", command, script.toString()));
        line.addAll(List.of(words));
        Process bash =
                new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String offered = new String(bash.getInputStream().readAllBytes());
        bash.waitFor();
        return offered.lines().map(String::strip).toList();
    }

    @Test
    void fishHasALineForEachCommandAndOption() {
        List<String> lines = completion("fish").lines().toList();
        assertTrue(
                lines.contains(
                        "complete -c spectrawatch -n '__spectrawatch_at alerts' -a ack -d 'Records"
                                + " that somebody has seen an alert and takes care of it.'"),
                () -> String.join("\n", lines));
        assertTrue(
                lines.contains(
                        "complete -c spectrawatch -n '__spectrawatch_at alerts list' -l active -d"
                                + " 'Only those that stand.'"));
        assertTrue(
                lines.contains(
                        "complete -c spectrawatch -n '__spectrawatch_at completion' -a 'bash zsh"
                                + " fish'"));
        for (String line : lines) {
            assertEquals(0, line.replace("\\'", "").chars().filter(c -> c == '\'').count() % 2);
        }
    }
}
