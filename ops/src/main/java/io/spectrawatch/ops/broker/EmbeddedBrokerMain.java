package io.spectrawatch.ops.broker;

import java.util.List;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** Main class of the broker's child JVM: formats the storage folder, then serves. */
final class EmbeddedBrokerMain {

    private EmbeddedBrokerMain() {}

    /** Arguments: the server's properties file and the cluster id. */
    public static void main(String[] args) {
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
}
