package io.spectrawatch.ops.cli.completion;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A completion script for fish: a line for each command, option and listed value. */
public final class FishCompletion {

    private final String name;
    private final List<String> lines = new ArrayList<>();

    private FishCompletion(String name) {
        this.name = name;
    }

    /**
     * The script.
     *
     * @param name the command as it is typed
     */
    public static String of(String name, CommandLine root) {
        FishCompletion script = new FishCompletion(name);
        script.begin();
        script.add(List.of(), root);
        return String.join("\n", script.lines) + "\n";
    }

    /** Words that are no options decide where on the line one is. */
    private void begin() {
        lines.add("function __" + name + "_at");
        lines.add("    set -l words (commandline -opc)");
        lines.add("    set -e words[1]");
        lines.add("    set -l at");
        lines.add("    for word in $words");
        lines.add("        string match -q -- '-*' $word; or set -a at $word");
        lines.add("    end");
        lines.add("    set -l deep (count $argv)");
        lines.add("    test (count $at) -ge $deep; or return 1");
        lines.add("    test $deep -eq 0; and test (count $at) -gt 0; and return 1");
        lines.add("    test $deep -eq 0; or test \"$at[1..$deep]\" = \"$argv\"");
        lines.add("end");
        lines.add("complete -c " + name + " -f");
    }

    private void add(List<String> path, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        for (Map.Entry<String, CommandLine> each : command.getSubcommands().entrySet()) {
            String[] said = each.getValue().getCommandSpec().usageMessage().description();
            lines.add(at(path) + " -a " + each.getKey() + description(said));
        }
        for (OptionSpec option : spec.options()) {
            lines.add(at(path) + option(option));
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            if (parameter.completionCandidates() != null) {
                lines.add(at(path) + " -a " + quoted(words(parameter.completionCandidates())));
            } else if (isFile(parameter.type())) {
                lines.add(at(path) + " -F");
            }
        }
        for (Map.Entry<String, CommandLine> each : command.getSubcommands().entrySet()) {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(each.getKey());
            add(deeper, each.getValue());
        }
    }

    private String at(List<String> path) {
        String words = path.isEmpty() ? "" : " " + String.join(" ", path);
        return "complete -c " + name + " -n " + quoted("__" + name + "_at" + words);
    }

    private static String option(OptionSpec option) {
        StringBuilder line = new StringBuilder();
        for (String each : option.names()) {
            if (each.startsWith("--")) {
                line.append(" -l ").append(each.substring(2));
            } else {
                line.append(each.length() == 2 ? " -s " : " -o ").append(each.substring(1));
            }
        }
        if (option.arity().max() > 0) {
            line.append(" -r");
            if (option.completionCandidates() != null) {
                line.append(" -a ").append(quoted(words(option.completionCandidates())));
            } else if (isFile(option.type())) {
                line.append(" -F");
            }
        }
        return line.append(description(option.description())).toString();
    }

    private static boolean isFile(Class<?> type) {
        return type == Path.class || type == File.class;
    }

    private static String words(Iterable<String> candidates) {
        return String.join(" ", candidates);
    }

    /** The first sentence, without what picocli would put in. */
    private static String description(String[] text) {
        if (text.length == 0) {
            return "";
        }
        String first = text[0].replaceFirst("[:;(.,] ?.*\\$\\{.*", "").replaceFirst("\\. .*", "");
        return " -d " + quoted(first.replace("%n", " ").replace("%%", "%").strip());
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
