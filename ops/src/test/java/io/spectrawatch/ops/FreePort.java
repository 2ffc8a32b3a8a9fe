package io.spectrawatch.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports to listen on.
 *
 * <p>They lie below those that Linux gives to outgoing connections (from 32,768 on), and every
 * process of the tests has a range of its own, whose first port it holds as long as it lives:
 * between asking for a port and listening on it nobody else takes it.
 */
public final class FreePort {

    private static final int FIRST = 20_000;
    private static final int RANGE = 500;
    private static final int RANGES = 24;

    private static final ServerSocket HELD = hold();
    private static final AtomicInteger NEXT = new AtomicInteger();

    private FreePort() {}

    private static ServerSocket hold() {
        for (int range = 0; range < RANGES; range++) {
            ServerSocket held = listen(FIRST + range * RANGE);
            if (held != null) {
                return held;
            }
        }
        throw new IllegalStateException("all ranges of ports are held by other processes");
    }

    /** Returns null where another process listens. */
    private static ServerSocket listen(int port) {
        try {
            return new ServerSocket(port);
        } catch (BindException taken) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns another one at each call, until the range begins anew. */
    public static int next() throws IOException {
        while (true) {
            int port = HELD.getLocalPort() + 1 + NEXT.getAndIncrement() % (RANGE - 1);
            try (ServerSocket free = listen(port)) {
                if (free != null) {
                    return port;
                }
            }
        }
    }
}
