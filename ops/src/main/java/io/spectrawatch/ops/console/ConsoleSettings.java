package io.spectrawatch.ops.console;

import io.spectrawatch.ops.alert.words.CommandLines;
import java.nio.file.Path;

/**
 * What a deployment decides about its console.
 *
 * @param historyDays days of the topics that are read at the start
 * @param store where what was read is kept over a restart; null for memory alone
 * @param traceUrl where a trace is shown, with {traceId} and {spanId} in it; empty for no link
 * @param runbookUrl where the folder of the runbooks is served; empty for no links
 * @param commands how the commands to copy reach Kafka
 * @param writable whether an account is configured that may write notes
 */
public record ConsoleSettings(
        int historyDays,
        Store store,
        String traceUrl,
        String runbookUrl,
        CommandLines commands,
        boolean writable) {

    /**
     * A place on disk.
     *
     * @param folder of this console alone
     * @param mostBytes that it may take
     */
    public record Store(Path folder, long mostBytes) {}
}
