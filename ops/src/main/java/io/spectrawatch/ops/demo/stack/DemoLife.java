package io.spectrawatch.ops.demo.stack;

import io.spectrawatch.ops.process.TemporaryFolder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** From a demo's folder to its end: what every scenario does around its own work. */
public final class DemoLife {

    private final DemoOptions options;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private Path temporary;

    public DemoLife(DemoOptions options) {
        this.options = options;
    }

    /** The folder asked for, or a temporary one. */
    public Path folder() throws IOException {
        if (options.folder() != null) {
            return Files.createDirectories(options.folder());
        }
        temporary = Files.createTempDirectory("spectrawatch-demo");
        return temporary;
    }

    public boolean stopped() {
        return stop.getCount() == 0;
    }

    /** Asks the demo to end, and waits until everything is stopped. */
    public void stop() throws InterruptedException {
        stop.countDown();
        closed.await();
    }

    /**
     * Keeps what /metrics says now, where that was asked for, and serves on until somebody stops
     * the demo, unless it is to exit.
     *
     * @param announce says that the demo is done and goes on serving
     */
    public void serve(String metricsUrl, Runnable announce)
            throws IOException, InterruptedException {
        keepScrape(metricsUrl);
        if (!options.exitWhenDone() && !stopped()) {
            announce.run();
            stop.await();
        }
    }

    private void keepScrape(String url) throws IOException {
        if (options.metricsFile() != null) {
            try (InputStream scrape = URI.create(url).toURL().openStream()) {
                Files.write(options.metricsFile(), scrape.readAllBytes());
            }
        }
    }

    /** Removes the temporary folder and lets {@link #stop} return. */
    public void end() throws IOException {
        try {
            if (temporary != null) {
                TemporaryFolder.delete(temporary);
            }
        } finally {
            closed.countDown();
        }
    }
}
