package io.spectrawatch.ops.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.cli.Main;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Commands that the pages show can be parsed: they and their options exist. */
class DocumentedCommandsTest {

    /** A whole command line in code, continued lines joined: assignments, the command, the rest. */
    private static final Pattern LINE =
            Pattern.compile(
                    "^\\s*(?:[A-Z_]+=\\S+ )*\\S*\\bspectrawatch (?<arguments>[^#]*)(?:#.*)?$");

    /** A command inside a sentence, mostly without the options that it needs. */
    private static final Pattern INLINE =
            Pattern.compile("`(?:ops/|\\.\\./\\.\\./)?(?:bin/)?spectrawatch (?<arguments>[^`]*)`");

    private static final CommandLine COMMAND =
            new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);

    private static void parse(String arguments) {
        List<String> words = new ArrayList<>();
        for (String word : arguments.strip().split("\\s+")) {
            if (word.equals("$B")) {
                words.addAll(List.of("--bootstrap-server", "broker:9092"));
            } else if (!word.equals("&")) {
                words.add(word);
            }
        }
        // Three points at the end stand for more, in the place of a value for any value.
        while (!words.isEmpty()
                && words.get(words.size() - 1).equals("...")
                && (words.size() < 2 || !words.get(words.size() - 2).startsWith("--"))) {
            words.remove(words.size() - 1);
        }
        if (words.isEmpty()) {
            return;
        }
        COMMAND.parseArgs(words.toArray(new String[0]));
    }

    private static List<String> wrong(boolean whole, List<String> commands) {
        List<String> wrong = new ArrayList<>();
        for (String command : commands) {
            try {
                parse(command);
            } catch (MissingParameterException e) {
                if (whole) {
                    wrong.add(command + ": " + e.getMessage());
                }
            } catch (ParameterException e) {
                wrong.add(command + ": " + e.getMessage());
            }
        }
        return wrong;
    }

    private static List<String> lines(MarkdownPage page) {
        List<String> commands = new ArrayList<>();
        String begun = "";
        for (String line : page.code()) {
            String joined = begun + line.strip();
            begun = joined.endsWith("\\") ? joined.replaceFirst("\\\\$", "") : "";
            Matcher matcher = LINE.matcher(joined);
            if (begun.isEmpty() && matcher.matches()) {
                commands.add(matcher.group("arguments"));
            }
        }
        return commands;
    }

    @Test
    void everyCommandInCodeIsWhole() throws IOException {
        List<String> commands = new ArrayList<>();
        for (MarkdownPage page : MarkdownPage.all()) {
            commands.addAll(lines(page));
        }
        assertTrue(commands.size() > 50, commands.size() + " commands");
        assertEquals(List.of(), wrong(true, commands));
    }

    @Test
    void everyCommandInASentenceExists() throws IOException {
        List<String> commands = new ArrayList<>();
        for (MarkdownPage page : MarkdownPage.all()) {
            Matcher inline = INLINE.matcher(page.text());
            while (inline.find()) {
                commands.add(inline.group("arguments"));
            }
        }
        assertTrue(commands.size() > 10, commands.size() + " commands");
        assertEquals(List.of(), wrong(false, commands));
    }

    @Test
    void aWrongOneIsNoticed() {
        assertThrows(
                UnmatchedArgumentException.class, () -> parse("topics create $B --partition 4"));
        assertThrows(MissingParameterException.class, () -> parse("topics create --partitions 4"));
        assertTrue(LINE.matcher("  B=1 ops/bin/spectrawatch demo  # comment").matches());
    }
}
