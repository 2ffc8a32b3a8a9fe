package io.spectrawatch.ops.monitor;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a monitor keeps its checkpoints unless told otherwise: the same folder for the same
 * deployment, wherever the command is run.
 *
 * <pre>
 * ${XDG_STATE_HOME:-~/.local/state}/spectrawatch/&lt;cluster id&gt;/&lt;output topics&gt;/&lt;transactional ids&gt;
 * </pre>
 *
 * @see <a href="https://specifications.freedesktop.org/basedir-spec/0.8/">XDG Base Directory
 *     Specification</a>
 */
public final class StateFolder {

    private StateFolder() {}

    /**
     * The folder of all deployments of this user on this machine.
     *
     * @throws IOException if neither variable nor home names an absolute folder
     */
    public static Path root(Map<String, String> environment, String home) throws IOException {
        String configured = environment.getOrDefault("XDG_STATE_HOME", "");
        // the specification has relative paths ignored
        Path base =
                Path.of(configured).isAbsolute()
                        ? Path.of(configured)
                        : Path.of(home, ".local", "state");
        if (!base.isAbsolute()) {
            throw new IOException(
                    "there is no folder for checkpoints: XDG_STATE_HOME is not set and the user has"
                            + " no home; name one with --checkpoints");
        }
        return base.resolve("spectrawatch");
    }

    /** The folder of one deployment below {@link #root}. */
    public static Path of(
            Path root, String clusterId, String outputPrefix, String transactionalIdPrefix) {
        return ofOutputs(root, clusterId, outputPrefix).resolve(name(transactionalIdPrefix));
    }

    /** What holds the folders of all deployments that write these topics. */
    public static Path ofOutputs(Path root, String clusterId, String outputPrefix) {
        return root.resolve(name(clusterId)).resolve(name(outputPrefix));
    }

    /** Nothing that leaves the folder, and never nothing. */
    private static String name(String part) {
        String encoded = URLEncoder.encode(part, StandardCharsets.UTF_8);
        return encoded.isEmpty() || encoded.startsWith(".") ? "_" + encoded : encoded;
    }
}
