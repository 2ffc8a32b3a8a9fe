package io.spectrawatch.ops.cli.option;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Moments and lengths of time on the command line. */
public final class TimeArgument {

    private static final Pattern LENGTH = Pattern.compile("(\\d{1,6})([smhd])");

    private static final long MICROS_PER_SECOND = 1_000_000L;

    private TimeArgument() {}

    /**
     * A moment: ISO 8601, or a length such as 90m before the present.
     *
     * @param option for the message
     * @param text null for none
     * @param now microseconds since the epoch
     * @return microseconds since the epoch, or null
     */
    public static Long moment(CommandSpec spec, String option, String text, long now) {
        if (text == null) {
            return null;
        }
        if (LENGTH.matcher(text).matches()) {
            return now - length(spec, option, text);
        }
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(text));
        } catch (DateTimeException | ArithmeticException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    option
                            + " expects a time such as 2026-01-31T12:00:00Z, or how long ago such as"
                            + " 90m, 24h or 7d, found "
                            + text);
        }
    }

    /** A length of time in microseconds. */
    public static long length(CommandSpec spec, String option, String text) {
        Matcher matcher = LENGTH.matcher(text);
        if (!matcher.matches()) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " expects a length of time such as 90m, 24h or 7d, found " + text);
        }
        long seconds =
                switch (matcher.group(2)) {
                    case "s" -> 1;
                    case "m" -> 60;
                    case "h" -> 3_600;
                    default -> 86_400;
                };
        return Long.parseLong(matcher.group(1)) * seconds * MICROS_PER_SECOND;
    }
}
