package io.spectrawatch.ops.monitor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** The port of Flink's web interface; Flink itself does not say which port was taken. */
final class WebPort {

    private static final int MOST = 65_535;

    private WebPort() {}

    /**
     * The port itself, or a free one for 0.
     *
     * @throws IOException if it cannot be listened on
     */
    static int choose(int wanted) throws IOException {
        if (wanted < 0 || wanted > MOST) {
            throw new IOException("--web-port: a port from 0 to " + MOST + ", found " + wanted);
        }
        try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on port "
                            + wanted
                            + " for Flink's web interface ("
                            + e.getMessage()
                            + "); choose another with --web-port, or 0 for a free one",
                    e);
        }
    }
}
