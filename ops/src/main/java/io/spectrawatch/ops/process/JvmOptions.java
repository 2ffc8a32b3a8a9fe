package io.spectrawatch.ops.process;

import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Options with which every Java process of ours starts; {@code bin/spectrawatch} holds the same.
 *
 * <pre>
 * ExitOnOutOfMemoryError     a full heap or metaspace ends the process, exit code 3; the virtual
 *                            machine itself says which in one line
 * DisplayVMOutputToStderr    ... on standard error
 * add-opens java.lang        Flink rewords an OutOfMemoryError by reflection
 * </pre>
 */
final class JvmOptions {

    /** In the order of the launcher's. */
    public static final List<String> ALWAYS =
            List.of(
                    "-XX:+ExitOnOutOfMemoryError",
                    "-XX:+DisplayVMOutputToStderr",
                    "--add-opens=java.base/java.lang=ALL-UNNAMED");

    private static final String COMPILER = "-XX:TieredStopAtLevel=";

    private JvmOptions() {}

    /** How far the compiler goes in this process, where it was told: its children go as far. */
    static List<String> compiler() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(COMPILER))
                .toList();
    }
}
