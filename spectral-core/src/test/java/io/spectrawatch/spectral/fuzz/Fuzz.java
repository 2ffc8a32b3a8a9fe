package io.spectrawatch.spectral.fuzz;

import com.sun.management.ThreadMXBean;
import io.spectrawatch.spectral.DirectMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Gives a reader damaged records and holds it to three promises: it either returns a record or
 * throws one of the exceptions it documents; what it returns is valid by an independent check; and
 * it allocates no more than a fixed amount and a multiple of the input's length, whatever sizes the
 * input claims.
 *
 * <p>Case i is made by a generator with the seed {@code spectrawatch.seed + i}, so a failure names
 * the seed and the command that repeats this case alone. {@code spectrawatch.fuzz.factor}
 * multiplies the number of cases.
 *
 * @param <T> what the reader returns
 */
public final class Fuzz<T> {

    /** Reads a record. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(byte[] bytes) throws Exception;
    }

    /** How the cases ended. */
    public record Outcome(int cases, int accepted, int refused) {}

    private static final long DEFAULT_SEED = 20260101L;
    private static final int SHOWN_BYTES = 400;

    /** Stack traces, messages and the fixed buffers of JDK readers. */
    private static final long SLACK_BYTES = 512 * 1024;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final BufferPoolMXBean DIRECT = DirectMemory.pool();

    private final String name;
    private final Class<?> test;
    private final Reader<T> reader;
    private final Set<Class<? extends Exception>> refusals;
    private final Consumer<T> check;
    private final long factor;
    private UnaryOperator<byte[]> repair = bytes -> bytes;

    /**
     * @param name of what is read, also the folder of its corpus below src/test/resources/fuzz
     * @param test the class to run again
     * @param refusals what the reader may throw
     * @param check throws if an accepted record is not valid
     * @param factor most bytes allocated per byte of input
     */
    public Fuzz(
            String name,
            Class<?> test,
            Reader<T> reader,
            Set<Class<? extends Exception>> refusals,
            Consumer<T> check,
            long factor) {
        this.name = name;
        this.test = test;
        this.reader = reader;
        this.refusals = refusals;
        this.check = check;
        this.factor = factor;
    }

    /** Restores what would otherwise refuse every damaged record at once, such as a checksum. */
    public Fuzz<T> repairing(UnaryOperator<byte[]> restore) {
        this.repair = restore;
        return this;
    }

    /** The seed of the first case. */
    public static long seed() {
        return Long.getLong("spectrawatch.seed", DEFAULT_SEED);
    }

    /** Puts the CRC-32C of everything before into the last four bytes, little-endian. */
    public static byte[] withChecksum(byte[] bytes) {
        int end = bytes.length - Integer.BYTES;
        if (end >= 0) {
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, end);
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(end, (int) crc.getValue());
        }
        return bytes;
    }

    /** The files kept for a format, in the order of their names; none without a folder. */
    public static List<byte[]> corpus(String name) {
        Path folder = Path.of("src", "test", "resources", "fuzz", name);
        List<byte[]> records = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return records;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                records.add(Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the corpus " + folder, e);
        }
        return records;
    }

    /**
     * Reads valid records and the kept ones as they are, and then damaged records made from them.
     *
     * @param valid records that the reader must accept
     */
    public Outcome run(List<byte[]> valid, int cases) {
        List<byte[]> kept = corpus(name);
        List<byte[]> all = new ArrayList<>(valid);
        all.addAll(kept);
        for (byte[] record : valid) {
            if (!attempt(record)) {
                throw failure("a valid record was refused", record, seed(), null);
            }
        }
        kept.forEach(this::attempt);
        return mutated(
                random -> {
                    List<byte[]> from = random.nextInt(4) == 0 ? all : valid;
                    byte[] start = from.get(random.nextInt(from.size()));
                    return repair.apply(new Mutator(random, all).mutate(start));
                },
                cases);
    }

    /** Reads records that a generator makes, from the seed of the case alone. */
    public Outcome mutated(Function<Random, byte[]> generator, int cases) {
        int total = Math.multiplyExact(cases, Integer.getInteger("spectrawatch.fuzz.factor", 1));
        int accepted = 0;
        for (int i = 0; i < total; i++) {
            long seed = seed() + i;
            byte[] record = generator.apply(new Random(seed));
            try {
                accepted += attempt(record) ? 1 : 0;
            } catch (Throwable e) {
                throw failure(e.getMessage(), record, seed, e);
            }
        }
        System.out.printf(
                "fuzz %s: %,d cases, %,d accepted, %,d refused; repeat with %s%n",
                name, total, accepted, total - accepted, command(seed()));
        return new Outcome(total, accepted, total - accepted);
    }

    /** Whether the reader accepted the record. */
    private boolean attempt(byte[] record) {
        Attempt<T> attempt = read(record);
        if (attempt.allocated() > limit(record)) {
            // The first time it may have loaded classes; what a record claims costs every time.
            close(attempt.read());
            attempt = read(record);
        }
        Exception refusal = attempt.refusal();
        try {
            if (refusal != null && !documented(refusal)) {
                throw new AssertionError("not a documented refusal: " + refusal, refusal);
            }
            if (attempt.allocated() > limit(record)) {
                throw new AssertionError(
                        record.length + " bytes made the reader allocate " + attempt.allocated(),
                        refusal);
            }
            if (refusal == null) {
                check.accept(attempt.read());
            }
            return refusal == null;
        } finally {
            close(attempt.read());
        }
    }

    private record Attempt<T>(T read, Exception refusal, long allocated) {}

    private Attempt<T> read(byte[] record) {
        long direct = DIRECT.getMemoryUsed();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        T read = null;
        Exception refusal = null;
        try {
            read = reader.read(record);
        } catch (Exception e) {
            refusal = e;
        }
        long heap = THREADS.getCurrentThreadAllocatedBytes() - before;
        return new Attempt<>(read, refusal, heap + Math.max(0, DIRECT.getMemoryUsed() - direct));
    }

    private long limit(byte[] record) {
        return SLACK_BYTES + factor * record.length;
    }

    private boolean documented(Exception refusal) {
        return refusals.stream().anyMatch(documented -> documented.isInstance(refusal));
    }

    private static void close(Object read) {
        if (read instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new AssertionError("cannot close what was read", e);
            }
        }
    }

    private AssertionError failure(String message, byte[] record, long seed, Throwable cause) {
        String hex = HexFormat.of().formatHex(record, 0, Math.min(SHOWN_BYTES, record.length));
        return new AssertionError(
                "fuzz "
                        + name
                        + ", seed "
                        + seed
                        + ": "
                        + message
                        + "\nrepeat with: "
                        + command(seed)
                        + "\n"
                        + record.length
                        + " bytes: "
                        + hex
                        + (record.length > SHOWN_BYTES ? "..." : ""),
                cause);
    }

    private String command(long seed) {
        String module = Path.of("").toAbsolutePath().getFileName().toString();
        return "mvn -pl "
                + module
                + " test -Dtest="
                + test.getSimpleName()
                + " -Dspectrawatch.seed="
                + seed;
    }
}
