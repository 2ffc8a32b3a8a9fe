package io.spectrawatch.ops.console.store;

import io.spectrawatch.spectral.binary.ByteReader;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entries by key in one file that grows at its end, with the offsets that they belong to; what
 * stands in it says {@link StoreFrames}.
 *
 * <p>What counts is what stands before the last whole commit, and nothing after it: so entries and
 * offsets agree wherever writing was cut off. Where most of the file is replaced by newer entries
 * it is written anew beside itself, and moved over the old one at once.
 */
final class StoreFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreFile.class);

    private static final String FILE = "history";

    /** Below it a file is not written anew, however much of it is old. */
    private static final long SMALL = 16L << 20;

    /** The file may be this many times as long as what counts of it. */
    private static final int SLACK = 4;

    private record Place(long position, int length) {}

    private final Path folder;
    private final String owner;
    private final long mostBytes;
    private final FileChannel lock;
    private final TreeMap<String, Place> places = new TreeMap<>();
    private Map<TopicPartition, Long> offsets = Map.of();
    private FileChannel file;
    private long end;
    private long live;

    private StoreFile(Path folder, String owner, long mostBytes, FileChannel lock) {
        this.folder = folder;
        this.owner = owner;
        this.mostBytes = mostBytes;
        this.lock = lock;
    }

    /**
     * Opens the store of a folder, which is made where there is none; one that is damaged is opened
     * as far as it is whole.
     *
     * @param owner whose it is
     * @param mostBytes of disk that it may take
     * @throws IOException if it is another's, of a later release or in use, or the folder cannot be
     *     used; the message says what to do
     */
    static StoreFile open(Path folder, String owner, long mostBytes) throws IOException {
        Files.createDirectories(folder);
        FileChannel lock =
                FileChannel.open(
                        folder.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            lock(folder, lock);
            StoreFile store = new StoreFile(folder, owner, mostBytes, lock);
            store.open();
            return store;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void lock(Path folder, FileChannel lock) throws IOException {
        boolean held;
        try {
            held = lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            held = false;
        }
        if (!held) {
            throw new IOException(
                    "the console's history in "
                            + folder
                            + " is in use by another exporter; give each a folder of its own");
        }
    }

    private void open() throws IOException {
        Files.deleteIfExists(beside());
        Path path = folder.resolve(FILE);
        if (!Files.exists(path) || Files.size(path) == 0) {
            begin();
            return;
        }
        file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
            end = StoreFrames.readHeader(in, Files.size(path), owner, path);
            read(in, Files.size(path));
        } catch (StoreFormatException e) {
            LOG.warn(
                    "{} is no whole history of a console ({}): it is begun anew, and the past is"
                            + " read from the topics",
                    path,
                    e.getMessage());
            file.close();
            begin();
            return;
        } catch (IOException e) {
            file.close();
            throw e;
        }
        if (file.size() > end) {
            LOG.warn(
                    "{}: the last {} of {} bytes are not whole; what they said is read from the"
                            + " topics again",
                    path,
                    file.size() - end,
                    file.size());
            file.truncate(end);
        }
    }

    private void read(DataInputStream in, long size) throws IOException {
        Map<String, Place> pending = new HashMap<>();
        Set<String> gone = new TreeSet<>();
        long at = end;
        byte[] payload = StoreFrames.next(in, at, size);
        while (payload != null) {
            ByteReader fields = StoreFrames.reader(payload);
            int kind = fields.int8();
            if (kind == StoreFrames.COMMIT) {
                Map<TopicPartition, Long> found = StoreFrames.offsets(fields);
                pending.forEach(this::put);
                gone.forEach(this::remove);
                pending.clear();
                gone.clear();
                offsets = found;
                end = at + StoreFrames.AROUND + payload.length;
            } else {
                String key = fields.requiredText();
                if (kind == StoreFrames.ENTRY) {
                    pending.put(key, new Place(at, payload.length));
                    gone.remove(key);
                } else if (kind == StoreFrames.GONE) {
                    pending.remove(key);
                    gone.add(key);
                } else {
                    return;
                }
            }
            at += StoreFrames.AROUND + payload.length;
            payload = StoreFrames.next(in, at, size);
        }
    }

    private void put(String key, Place place) {
        remove(key);
        places.put(key, place);
        live += StoreFrames.AROUND + place.length();
    }

    private void remove(String key) {
        Place old = places.remove(key);
        live -= old == null ? 0 : StoreFrames.AROUND + old.length();
    }

    /** Keys of all entries, in their order. */
    Set<String> keys() {
        return Collections.unmodifiableSet(places.keySet());
    }

    /** Where to go on reading; empty for a store without a commit. */
    Map<TopicPartition, Long> offsets() {
        return offsets;
    }

    /** The value of an entry. */
    byte[] value(String key) throws IOException {
        return StoreFrames.value(payload(places.get(key)));
    }

    private byte[] payload(Place place) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(place.length());
        while (payload.hasRemaining()) {
            if (file.read(payload, place.position() + Integer.BYTES + payload.position()) < 0) {
                throw new IOException(folder.resolve(FILE) + " was cut off while in use");
            }
        }
        return payload.array();
    }

    /**
     * Writes entries and the offsets that they belong to: after it returns they survive whatever
     * becomes of the process, and until then none of them does.
     *
     * @param gone keys of entries that are no more
     * @return bytes written
     * @throws IOException if they do not fit the bound, or cannot be written; the store then stays
     *     at the commit before
     */
    long commit(
            SortedMap<String, byte[]> changed,
            Set<String> gone,
            Map<TopicPartition, Long> positions)
            throws IOException {
        requireRoom(changed);
        long begin = end;
        long at = end;
        TreeMap<String, Place> written = new TreeMap<>();
        for (Map.Entry<String, byte[]> each : changed.entrySet()) {
            byte[] payload = StoreFrames.entry(each.getKey(), each.getValue());
            written.put(each.getKey(), new Place(at, payload.length));
            at = StoreFrames.append(file, at, payload);
        }
        for (String key : gone) {
            at = StoreFrames.append(file, at, StoreFrames.gone(key));
        }
        at = StoreFrames.append(file, at, StoreFrames.commit(positions));
        file.force(false);
        end = at;
        gone.forEach(this::remove);
        written.forEach(this::put);
        offsets = Map.copyOf(positions);
        if (end > mostBytes / 2 || end > SMALL && end > SLACK * live) {
            writeAnew();
        }
        return at - begin;
    }

    /** With a quarter for what counts, the file and the one beside it fit the bound. */
    private void requireRoom(SortedMap<String, byte[]> changed) throws IOException {
        long size = live;
        for (Map.Entry<String, byte[]> each : changed.entrySet()) {
            Place old = places.get(each.getKey());
            size += each.getValue().length - (old == null ? 0 : old.length());
        }
        if (size > mostBytes / SLACK) {
            throw new IOException(
                    "what the console remembers takes "
                            + (size >> 20)
                            + " MiB, and a quarter of the bound, which is "
                            + (mostBytes >> 20)
                            + " MiB, has to hold it");
        }
    }

    private Path beside() {
        return folder.resolve(FILE + ".new");
    }

    private void begin() throws IOException {
        places.clear();
        live = 0;
        offsets = Map.of();
        replace(false);
    }

    /** Forgets all entries and offsets. */
    void clear() throws IOException {
        file.close();
        begin();
    }

    private void writeAnew() throws IOException {
        FileChannel old = file;
        replace(true);
        old.close();
    }

    private void replace(boolean withEntries) throws IOException {
        TreeMap<String, Place> moved = new TreeMap<>();
        FileChannel next =
                FileChannel.open(
                        beside(),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            long at = StoreFrames.begin(next, owner);
            if (withEntries) {
                for (Map.Entry<String, Place> each : places.entrySet()) {
                    byte[] payload = payload(each.getValue());
                    moved.put(each.getKey(), new Place(at, payload.length));
                    at = StoreFrames.append(next, at, payload);
                }
                at = StoreFrames.append(next, at, StoreFrames.commit(offsets));
            }
            next.force(true);
            Files.move(
                    beside(),
                    folder.resolve(FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
            end = at;
        } catch (IOException e) {
            next.close();
            throw e;
        }
        places.putAll(moved);
        file = next;
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            file.close();
        }
    }
}
