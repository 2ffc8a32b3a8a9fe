package io.spectrawatch.ops.demo.services;

import io.spectrawatch.ingest.clock.IngestClock;
import io.spectrawatch.ops.demo.stack.DemoLife;
import io.spectrawatch.ops.demo.stack.DemoOptions;
import io.spectrawatch.ops.demo.stack.DemoStack;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;

/**
 * Every service on this machine, in real time, and nobody who sends anything: for a first client of
 * one's own where no Kafka is at hand.
 */
public final class ServicesDemo {

    private final DemoOptions options;
    private final PrintWriter out;
    private final DemoLife life;

    /**
     * @param out where the addresses go
     */
    public ServicesDemo(DemoOptions options, PrintWriter out) {
        this.options = options;
        this.out = out;
        this.life = new DemoLife(options);
    }

    /** Asks the services to end, and waits until everything is stopped. */
    public void stop() throws InterruptedException {
        life.stop();
    }

    /**
     * Serves until somebody stops it.
     *
     * @throws IOException if a service cannot be started
     */
    public void run() throws IOException, InterruptedException {
        say("starting broker, ingest, Flink and exporter ...");
        try (DemoStack stack =
                DemoStack.start(options, life.folder(), IngestClock.system(), Map.of())) {
            say(stack.describe());
            life.serve(
                    stack.metricsUrl(),
                    () -> say("panes of 10 s, sketched a second after their end; until Ctrl-C"));
        } finally {
            life.end();
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
