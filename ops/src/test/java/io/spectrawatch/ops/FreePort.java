package io.spectrawatch.ops;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports to listen on.
 *
 * <p>They lie below those that Linux gives to outgoing connections (from 32,768 on), and every fork
 * of the tests has its own: between asking for a port and listening on it nobody else takes it.
 */
public final class FreePort {

    private static final int FIRST = 20_000;
    private static final int PER_FORK = 1_000;
    private static final int FORK = Integer.getInteger("spectrawatch.fork", 0);

    private static final AtomicInteger NEXT = new AtomicInteger();

    private FreePort() {}

    /** Returns another one at each call, until there are no more. */
    public static int next() throws IOException {
        while (true) {
            int port = FIRST + FORK * PER_FORK + NEXT.getAndIncrement() % PER_FORK;
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // By a process that is no test; the next one may be free.
                continue;
            }
        }
    }
}
