package io.spectrawatch.flink.calibrate.config;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * The samples with the smallest seeded hashes that fit a number and a size: a choice that depends
 * on the ids alone, not on the order, the shards or the processes they came in.
 *
 * <p>Kept is the longest run of smallest hashes that fits. The first sample beyond it is
 * remembered: nothing behind it is copied any more, and whoever puts several choices together gets
 * it as well, so that the run of all ends where it should.
 *
 * <p>Samples are held in pieces, because a garbage collector that works by regions rounds an array
 * of half a region and more up to whole ones, which may double it.
 */
public final class ReferenceSamples {

    private static final int PIECE_BYTES = 64 * 1024;

    private static final Comparator<Key> ORDER =
            Comparator.comparingInt(Key::place)
                    .thenComparing(Key::id)
                    .thenComparingInt(Key::shard)
                    .thenComparingLong(Key::number);

    private final int mostSamples;
    private final long mostBytes;
    private final TreeMap<Key, Pieces> kept = new TreeMap<>(ORDER);
    private Key beyond;
    private Pieces firstBeyond;
    private int largest;
    private long bytes;

    /** Where a sample stands; the last two tell apart samples that share an id. */
    private record Key(int place, String id, int shard, long number) {}

    /** The bytes of a sample, cut; null where they are held no longer. */
    private record Pieces(int length, byte[][] parts) {

        static Pieces of(byte[] whole) {
            byte[][] parts = new byte[(whole.length + PIECE_BYTES - 1) / PIECE_BYTES][];
            for (int i = 0; i < parts.length; i++) {
                int from = i * PIECE_BYTES;
                parts[i] =
                        Arrays.copyOfRange(whole, from, Math.min(whole.length, from + PIECE_BYTES));
            }
            return new Pieces(whole.length, parts);
        }

        Pieces handedOn() {
            return new Pieces(length, null);
        }

        byte[] whole() {
            byte[] whole = new byte[length];
            int at = 0;
            for (byte[] part : parts) {
                System.arraycopy(part, 0, whole, at, part.length);
                at += part.length;
            }
            return whole;
        }
    }

    public ReferenceSamples(int mostSamples, long mostBytes) {
        this.mostSamples = mostSamples;
        this.mostBytes = mostBytes;
    }

    /** Whether a sample of this place could stay; spares copying those that cannot. */
    public boolean takes(int place) {
        return beyond == null || place <= beyond.place();
    }

    public void add(ReferenceSample sample, byte[] payload) {
        Key key = new Key(sample.place(), sample.id(), sample.shard(), sample.number());
        if (beyond != null && ORDER.compare(key, beyond) > 0) {
            return;
        }
        kept.put(key, Pieces.of(payload));
        bytes += payload.length;
        largest = Math.max(largest, payload.length);
        while (!kept.isEmpty() && (kept.size() > mostSamples || bytes > mostBytes)) {
            Map.Entry<Key, Pieces> last = kept.pollLastEntry();
            beyond = last.getKey();
            firstBeyond = last.getValue().parts() == null ? null : last.getValue();
            bytes -= last.getValue().length();
        }
    }

    /** Whether another one of the largest size there was would not fit by its bytes. */
    public boolean isFull() {
        return bytes + largest > mostBytes;
    }

    /** How many there are. */
    public int size() {
        return kept.size();
    }

    /**
     * Hands the next one on, in the order of their hashes, and holds it no longer; null if none.
     */
    public byte[] poll() {
        Map.Entry<Key, Pieces> next = kept.pollFirstEntry();
        return next == null ? null : next.getValue().whole();
    }

    /** The samples in the order of their hashes, each put together as it comes by. */
    public Stream<byte[]> payloads() {
        return kept.values().stream().filter(each -> each.parts() != null).map(Pieces::whole);
    }

    /**
     * Hands on the samples of some shards, and the first one beyond if it is theirs; each is held
     * until it is asked for. Their bytes count here as before: wherever they are held next, no more
     * is taken in their place.
     */
    public Iterator<byte[]> handOn(IntPredicate shards) {
        ArrayDeque<Pieces> own = new ArrayDeque<>();
        for (Map.Entry<Key, Pieces> each : kept.entrySet()) {
            if (shards.test(each.getKey().shard()) && each.getValue().parts() != null) {
                own.add(each.getValue());
                each.setValue(each.getValue().handedOn());
            }
        }
        if (firstBeyond != null && shards.test(beyond.shard())) {
            own.add(firstBeyond);
            firstBeyond = null;
        }
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !own.isEmpty();
            }

            @Override
            public byte[] next() {
                return own.remove().whole();
            }
        };
    }

    public void clear() {
        kept.clear();
        firstBeyond = null;
    }
}
