package io.spectrawatch.ops.broker;

import java.io.IOException;
import java.util.List;
import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * Main class of the broker's child JVM: formats the storage folder, then serves until its standard
 * input ends.
 *
 * <p>The parent holds the other end of that input, so a parent that dies in any way, {@code kill
 * -9} included, takes its broker along.
 */
final class EmbeddedBrokerMain {

    private static final int PARENT_GONE = 3;

    private EmbeddedBrokerMain() {}

    /** Arguments: the server's properties file and the cluster id. */
    public static void main(String[] args) {
        exitWithParent();
        String properties = args[0];
        int formatted =
                StorageTool.execute(
                        new String[] {
                            "format", "--ignore-formatted", "-t", args[1], "-c", properties
                        },
                        System.out);
        if (formatted != 0) {
            System.exit(formatted);
        }
        Kafka.main(List.of(properties).toArray(String[]::new));
    }

    private static void exitWithParent() {
        Thread watch =
                new Thread(
                        () -> {
                            try {
                                while (System.in.read() >= 0) {
                                    // only the end of the input means anything
                                }
                            } catch (IOException e) {
                                // a broken pipe is the end of the input, too
                            }
                            Runtime.getRuntime().halt(PARENT_GONE);
                        },
                        "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }
}
