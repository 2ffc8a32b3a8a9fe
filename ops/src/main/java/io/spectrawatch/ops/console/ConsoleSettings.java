package io.spectrawatch.ops.console;

import io.spectrawatch.ops.alert.words.CommandLines;

/**
 * What a deployment decides about its console.
 *
 * @param historyDays days of the topics that are read at the start
 * @param traceUrl where a trace is shown, with {traceId} and {spanId} in it; empty for no link
 * @param runbookUrl where the folder of the runbooks is served; empty for no links
 * @param commands how the commands to copy reach Kafka
 * @param writable whether an account is configured that may write notes
 */
public record ConsoleSettings(
        int historyDays,
        String traceUrl,
        String runbookUrl,
        CommandLines commands,
        boolean writable) {}
