package io.spectrawatch.ops.exporter;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ops.broker.EmbeddedBroker;
import io.spectrawatch.schemas.Topics;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits for brokers that are away longer than Kafka's clients look for the same ones. */
class BrokersAwayITCase {

    /** Five minutes unless said otherwise. */
    private static final String BEGIN_ANEW = "metadata.recovery.rebootstrap.trigger.ms";

    @TempDir private Path folder;

    @Test
    @SuppressWarnings("try") // the watch works by being there
    void waitingTakesNoProcessor() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"))) {
            Map<String, Object> client =
                    Map.of("bootstrap.servers", broker.bootstrapServers(), BEGIN_ANEW, 200);
            List<PipelineWatch.Reader> readers =
                    List.of(new PipelineWatch.Reader("ingest", Topics.ACTIVATIONS, "group"));
            try (PipelineWatch watch =
                    PipelineWatch.start(client, "t.", readers, new CollectorRegistry())) {
                Thread.sleep(1_000);
                broker.kill();
                Thread.sleep(2_000);
                long before = adminNanos();
                Thread.sleep(2_000);
                long spent = adminNanos() - before;
                assertTrue(
                        spent < TimeUnit.MILLISECONDS.toNanos(800),
                        "of two seconds without a broker " + spent + " ns were spent");
            }
        }
    }

    /** Processor time of all administration clients of this process. */
    private static long adminNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo each : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (each != null && each.getThreadName().startsWith("kafka-admin-client-thread")) {
                nanos += threads.getThreadCpuTime(each.getThreadId());
            }
        }
        return nanos;
    }
}
