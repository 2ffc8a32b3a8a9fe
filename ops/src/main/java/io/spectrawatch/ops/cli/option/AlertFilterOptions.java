package io.spectrawatch.ops.cli.option;

import io.spectrawatch.ops.alert.AlertFilter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which alerts are wanted. */
public final class AlertFilterOptions {

    @Option(names = "--model", description = "Of this model only.")
    private String model;

    @Option(
            names = "--kind",
            description = "Of this kind only, such as CERTIFICATE_DRIFT; in any case.")
    private String kind;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "Decided then or later: 2026-01-31T12:00:00Z, or how long ago such as 90m, 24h"
                            + " or 7d.")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Decided before; likewise.")
    private String until;

    /**
     * @param usual how long ago alerts begin unless told otherwise, or null
     * @param now microseconds since the epoch
     */
    public AlertFilter filter(CommandSpec spec, String usual, boolean active, long now) {
        return new AlertFilter(
                model,
                kind,
                TimeArgument.moment(spec, "--since", since == null ? usual : since, now),
                TimeArgument.moment(spec, "--until", until, now),
                active);
    }
}
