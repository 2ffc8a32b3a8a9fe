package io.spectrawatch.ops.alert.words;

import io.spectrawatch.schemas.Alert;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Commands to copy, with the options by which this one reached Kafka.
 *
 * @param options such as {@code --bootstrap-server x:1}, quoted where a shell needs it
 */
public record CommandLines(String options) {

    /** Digits of an id that tell the alerts of a year apart. */
    private static final int SHORT_ID = 12;

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    /**
     * @param prefix prefix of the topics, null for the default
     * @param config properties file of the clients, or null
     */
    public static CommandLines of(String bootstrapServer, String prefix, Path config) {
        StringBuilder options = new StringBuilder("--bootstrap-server ");
        options.append(quoted(bootstrapServer));
        if (config != null) {
            options.append(" --command-config ").append(quoted(config.toString()));
        }
        if (prefix != null) {
            options.append(" --topic-prefix ").append(quoted(prefix));
        }
        return new CommandLines(options.toString());
    }

    /** A command of several words. */
    public String of(String command, String... arguments) {
        StringBuilder line = new StringBuilder("spectrawatch ").append(command);
        List.of(arguments).forEach(argument -> line.append(' ').append(quoted(argument)));
        return line.append(' ').append(options).toString();
    }

    /** The command that recomputes what an alert rests on. */
    public String audit(Alert alert) {
        String id = alert.getId();
        return of(
                "audit",
                "--alert",
                id,
                "--output",
                "audit-" + id.substring(0, Math.min(SHORT_ID, id.length())));
    }

    /**
     * For a POSIX shell; what a terminal must not show is written by {@code $'...'}, which bash,
     * zsh and ksh read.
     */
    private static String quoted(String argument) {
        if (PLAIN.matcher(argument).matches()) {
            return argument;
        }
        StringBuilder escaped = new StringBuilder();
        boolean hidden = false;
        for (char c : argument.toCharArray()) {
            boolean ascii = c >= ' ' && c <= '~';
            hidden |= !ascii;
            if (c == '\'' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (ascii) {
                escaped.append(c);
            } else {
                escaped.append(String.format("\\u%04x", (int) c));
            }
        }
        return hidden ? "$'" + escaped + "'" : "'" + argument.replace("'", "'\\''") + "'";
    }
}
