package io.spectrawatch.ops.console.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the file after it was cut, damaged, written anew, and by whom it is opened. */
class StoreFileTest {

    private static final long ROOM = 64L << 20;
    private static final String OWNER = "cluster spectrawatch.";
    private static final TopicPartition ALERTS = new TopicPartition("alerts", 0);
    private static final TopicPartition SCORES = new TopicPartition("scores", 0);

    @TempDir private Path folder;

    /** Entries and offsets of a moment. */
    private record Content(TreeMap<String, String> entries, Map<TopicPartition, Long> offsets) {}

    private static TreeMap<String, byte[]> entries(String... keysAndValues) {
        TreeMap<String, byte[]> entries = new TreeMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            entries.put(keysAndValues[i], keysAndValues[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return entries;
    }

    private static Content content(StoreFile file) throws IOException {
        TreeMap<String, String> entries = new TreeMap<>();
        for (String key : file.keys()) {
            entries.put(key, new String(file.value(key), StandardCharsets.UTF_8));
        }
        return new Content(entries, file.offsets());
    }

    private Content opened(Path in) throws IOException {
        try (StoreFile file = StoreFile.open(in, OWNER, ROOM)) {
            return content(file);
        }
    }

    /** Three commits; returns what was in the file before the first and after each. */
    private List<Content> written() throws IOException {
        List<Content> after = new ArrayList<>();
        try (StoreFile file = StoreFile.open(folder, OWNER, ROOM)) {
            after.add(content(file));
            file.commit(entries("a", "1", "b", "2"), Set.of(), Map.of(ALERTS, 7L));
            after.add(content(file));
            file.commit(entries("b", "3", "c", "4"), Set.of("a"), Map.of(ALERTS, 9L, SCORES, 1L));
            after.add(content(file));
            file.commit(entries("a", "5"), Set.of("c"), Map.of(ALERTS, 9L, SCORES, 20L));
            after.add(content(file));
        }
        assertEquals(Map.of("a", "5", "b", "3"), after.get(3).entries());
        assertEquals(Map.of(ALERTS, 9L, SCORES, 20L), after.get(3).offsets());
        return after;
    }

    private Path copy(byte[] bytes, int length) throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.write(other.resolve("history"), Arrays.copyOf(bytes, length));
        return other;
    }

    @Test
    void wereverItIsCutOffItHoldsTheCommitBefore() throws IOException {
        List<Content> after = written();
        byte[] whole = Files.readAllBytes(folder.resolve("history"));
        int commits = 0;
        for (int length = 0; length <= whole.length; length++) {
            Path other = copy(whole, length);
            Content found = opened(other);
            if (commits + 1 < after.size() && found.equals(after.get(commits + 1))) {
                commits++;
            }
            assertEquals(after.get(commits), found, "cut at " + length);
            // And it goes on from there.
            try (StoreFile file = StoreFile.open(other, OWNER, ROOM)) {
                file.commit(entries("z", "9"), Set.of(), Map.of(ALERTS, 100L));
            }
            assertEquals("9", opened(other).entries().get("z"), "cut at " + length);
            assertEquals(Map.of(ALERTS, 100L), opened(other).offsets());
        }
        assertEquals(3, commits);
    }

    /** Whatever byte is damaged, entries and offsets are those of one commit, or it is refused. */
    @Test
    void aDamagedByteNeverMixesCommits() throws IOException {
        List<Content> after = written();
        byte[] whole = Files.readAllBytes(folder.resolve("history"));
        Random random = new Random(Long.getLong("spectrawatch.seed", 20260101L));
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            try {
                Content found = opened(copy(damaged, damaged.length));
                assertTrue(after.contains(found), "byte " + at + ": " + found);
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("of another release"), e.getMessage());
            }
        }
    }

    @Test
    void ofALaterReleaseOrAnotherDeploymentItIsRefusedAndStays() throws IOException {
        written();
        byte[] whole = Files.readAllBytes(folder.resolve("history"));
        byte[] later = whole.clone();
        later[4] = 2;
        Path other = copy(later, later.length);
        IOException refused = assertThrows(IOException.class, () -> opened(other));
        assertTrue(
                refused.getMessage().contains("version 1 expected, found 2"), refused.getMessage());
        assertEquals(later.length, Files.size(other.resolve("history")));
        IOException another =
                assertThrows(IOException.class, () -> StoreFile.open(folder, "another one.", ROOM));
        assertTrue(another.getMessage().contains("another deployment"), another.getMessage());
        assertEquals(whole.length, Files.size(folder.resolve("history")));
    }

    @Test
    void twoExportersDoNotShareIt() throws IOException {
        try (StoreFile file = StoreFile.open(folder, OWNER, ROOM)) {
            IOException refused = assertThrows(IOException.class, () -> opened(folder));
            assertTrue(refused.getMessage().contains("another exporter"), refused.getMessage());
            assertEquals(Set.of(), file.keys());
        }
        assertEquals(Map.of(), opened(folder).entries());
    }

    @Test
    void itIsWrittenAnewBeforeItIsManyTimesWhatCounts() throws IOException {
        String megabyte = "x".repeat(1 << 20);
        long most = 0;
        try (StoreFile file = StoreFile.open(folder, OWNER, ROOM)) {
            for (long i = 0; i < 100; i++) {
                file.commit(
                        entries("a", megabyte, "b" + i % 3, "" + i), Set.of(), Map.of(ALERTS, i));
                most = Math.max(most, Files.size(folder.resolve("history")));
            }
        }
        assertTrue(most < 20 << 20, "bytes " + most);
        Content found = opened(folder);
        assertEquals(megabyte, found.entries().get("a"));
        assertEquals("98", found.entries().get("b2"));
        assertEquals(Map.of(ALERTS, 99L), found.offsets());
    }

    @Test
    void whatDoesNotFitTheBoundIsNotWritten() throws IOException {
        String megabyte = "x".repeat(1 << 20);
        try (StoreFile file = StoreFile.open(folder, OWNER, 16L << 20)) {
            for (int i = 0; i < 3; i++) {
                file.commit(entries("a" + i, megabyte), Set.of(), Map.of(ALERTS, (long) i));
            }
            IOException full =
                    assertThrows(
                            IOException.class,
                            () ->
                                    file.commit(
                                            entries("b", megabyte), Set.of(), Map.of(ALERTS, 9L)));
            assertTrue(full.getMessage().contains("the bound, which is 16 MiB"), full.getMessage());
            assertTrue(Files.size(folder.resolve("history")) <= 16 << 20);
        }
        assertEquals(Map.of(ALERTS, 2L), opened(folder).offsets());
    }
}
