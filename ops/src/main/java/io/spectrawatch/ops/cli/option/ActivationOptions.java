package io.spectrawatch.ops.cli.option;

import io.spectrawatch.ops.baseline.ActivationWish;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** When an activation takes effect, and who asks for it. */
public final class ActivationOptions {

    private static final long MICROS_PER_MILLI = 1000;

    @Option(
            names = "--effective-from",
            paramLabel = "TIME",
            description =
                    "First pane that it applies to: the one that starts at or after TIME, ISO 8601"
                            + " such as 2026-03-01T12:00:00Z (default: the first that no shard can"
                            + " have begun).")
    private String effectiveFrom;

    @Option(
            names = "--max-clock-skew",
            paramLabel = "MILLISECONDS",
            defaultValue = "30000",
            description = "Ingest's max.clock.skew.ms (default: ${DEFAULT-VALUE}).")
    private long maxClockSkew;

    @Option(
            names = "--requested-by",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = "Who is recorded as asking (default: the user who runs this).")
    private String requestedBy;

    public ActivationWish wish(CommandSpec spec) {
        if (maxClockSkew < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--max-clock-skew must not be negative, found " + maxClockSkew);
        }
        return new ActivationWish(
                effectiveFrom == null ? null : micros(spec),
                maxClockSkew * MICROS_PER_MILLI,
                requestedBy);
    }

    private long micros(CommandSpec spec) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(effectiveFrom));
        } catch (DateTimeException | ArithmeticException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--effective-from must be a time such as 2026-03-01T12:00:00Z, found "
                            + effectiveFrom);
        }
    }
}
