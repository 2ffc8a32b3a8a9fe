package io.spectrawatch.ops.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {

    @Test
    void theFolderDependsOnNothingButUserClusterAndDeployment() throws Exception {
        Path home = StateFolder.root(Map.of(), "/home/u");
        assertEquals(Path.of("/home/u/.local/state/spectrawatch"), home);
        assertEquals(
                Path.of("/var/state/spectrawatch"),
                StateFolder.root(Map.of("XDG_STATE_HOME", "/var/state"), "/home/u"));
        assertEquals(home, StateFolder.root(Map.of("XDG_STATE_HOME", "relative"), "/home/u"));
        IOException none = assertThrows(IOException.class, () -> StateFolder.root(Map.of(), "?"));
        assertTrue(none.getMessage().contains("--checkpoints"), none.getMessage());
        assertEquals(
                home.resolve("c_-1/spectrawatch./spectrawatch-monitor"),
                StateFolder.of(home, "c_-1", "spectrawatch.", "spectrawatch-monitor"));
    }

    @Test
    void noNameLeavesTheFolder() {
        Path root = Path.of("/state");
        for (String name : new String[] {"..", ".", "", "a/../../b", "/etc", "a\\b"}) {
            Path folder = StateFolder.of(root, name, name, name);
            assertEquals(folder, folder.normalize());
            assertEquals(4, folder.getNameCount(), folder.toString());
        }
    }

    @Test
    void aFolderBelongsToOneDeployment(@TempDir Path folder) throws Exception {
        Path own = folder.resolve("a/b");
        FolderOwner.require(own, "c", "out.", "t");
        FolderOwner.require(own, "c", "out.", "t");
        String said =
                assertThrows(IOException.class, () -> FolderOwner.require(own, "c", "again.", "t"))
                        .getMessage();
        assertTrue(said.contains("[c, again., t] expected, found [c, out., t]"), said);
        assertTrue(said.contains("--checkpoints"), said);
    }

    @Test
    void aTakenPortIsNamedWithItsOption() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            String said = assertThrows(IOException.class, () -> WebPort.choose(port)).getMessage();
            assertTrue(said.contains("port " + port) && said.contains("--web-port"), said);
        }
        assertTrue(WebPort.choose(0) > 0);
        assertThrows(IOException.class, () -> WebPort.choose(70_000));
    }
}
