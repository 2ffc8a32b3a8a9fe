package io.spectrawatch.ops.faults;

import io.spectrawatch.schemas.LateSnapshot;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Follows every input record by its content: from the activations topic into the validated log or
 * the dead letters, and from the log into the panes, whose hash chains are computed here again.
 */
final class Accounts {

    private final Map<String, Object> client;
    private final String prefix;
    private final long paneMicros;
    private final MessageDigest sha = sha256();

    /** Copies of an input still to be found: content and shard, count. */
    private final Map<String, Integer> open = new HashMap<>();

    /** The log's snapshots by pane start, then shard. */
    private final TreeMap<Long, TreeMap<Integer, Chain>> panes = new TreeMap<>();

    /** Of samples in parts that have not ended the part that has to follow. */
    private final Map<String, Integer> nextParts = new HashMap<>();

    private long parts;
    private long lostParts;
    private long duplicatedParts;
    private long inputs;
    private long deadLetters;
    private long duplicated;

    private static final class Chain {
        private long snapshots;
        private long first = -1;
        private long last;
        private byte[] hash = new byte[32];
    }

    Accounts(Map<String, Object> client, String prefix, long paneMicros) {
        this.client = client;
        this.prefix = prefix;
        this.paneMicros = paneMicros;
    }

    /** Reads the three topics; once, when nothing is written to them any more. */
    void read() {
        Topic.scan(
                client,
                Topics.ACTIVATIONS,
                prefix,
                record -> {
                    open.merge(content(record, record.value()), 1, Integer::sum);
                    inputs++;
                });
        Topic.scanLog(client, prefix, this::accepted);
        Topic.scan(
                client,
                Topics.REJECTED,
                prefix,
                record -> {
                    take(record, record.value());
                    deadLetters++;
                });
    }

    private void accepted(ConsumerRecord<byte[], byte[]> record) {
        SpecificRecord decoded = Wire.decode(record.value());
        LoggedSnapshot snapshot = LoggedSnapshot.of(decoded);
        if (snapshot != null) {
            take(record, decoded instanceof LateSnapshot late ? sent(late) : record.value());
            snapshot.snapshot()
                    .getSamples()
                    .forEach(sample -> follow(snapshot.snapshot().getCaptureId(), sample));
            long pane = Math.floorDiv(snapshot.countedAt(), paneMicros) * paneMicros;
            Chain chain =
                    panes.computeIfAbsent(pane, p -> new TreeMap<>())
                            .computeIfAbsent(record.partition(), s -> new Chain());
            chain.snapshots++;
            chain.first = chain.first < 0 ? record.offset() : chain.first;
            chain.last = record.offset();
            byte[] value = sha.digest(record.value());
            sha.update(chain.hash);
            chain.hash = sha.digest(value);
        }
    }

    /** Parts of a sample have to follow one another in the log, from the first on. */
    private void follow(String captureId, Sample sample) {
        if (sample.getPart() == 0 && sample.getLast()) {
            return;
        }
        String key = captureId + "/" + sample.getId();
        int expected = nextParts.getOrDefault(key, 0);
        lostParts += Math.max(0, sample.getPart() - expected);
        duplicatedParts += sample.getPart() < expected ? 1 : 0;
        nextParts.put(key, sample.getPart() + 1);
        parts++;
    }

    private static byte[] sent(LateSnapshot late) {
        byte[] bytes = new byte[late.getSnapshot().remaining()];
        late.getSnapshot().duplicate().get(bytes);
        return bytes;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, byte[] value) {
        if (open.merge(content(record, value), -1, Integer::sum) < 0) {
            duplicated++;
        }
    }

    private String content(ConsumerRecord<byte[], byte[]> record, byte[] value) {
        if (record.key() != null) {
            sha.update(record.key());
        }
        byte[] hash = sha.digest(value);
        return record.partition() + "/" + new String(hash, StandardCharsets.ISO_8859_1);
    }

    long inputs() {
        return inputs;
    }

    long deadLetters() {
        return deadLetters;
    }

    /** Inputs that are neither in the log nor among the dead letters. */
    long lost() {
        return open.values().stream().filter(n -> n > 0).mapToLong(n -> n).sum();
    }

    /** Records of the log and the dead letters beyond those that came in. */
    long duplicated() {
        return duplicated;
    }

    /** Parts of samples in parts that are in the log. */
    long parts() {
        return parts;
    }

    /** Parts that others of their samples came after, and that are not in the log before them. */
    long lostParts() {
        return lostParts;
    }

    /** Parts that came again. */
    long duplicatedParts() {
        return duplicatedParts;
    }

    /** Panes of the log, by layer. */
    long windows() {
        return (long) panes.size() * Synthetic.LAYERS.size();
    }

    /** Panes that were not published, once each, with exactly their snapshots: in words. */
    List<String> wrongPanes(List<Outputs.Output> outputs) {
        Map<String, Integer> found = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (Outputs.Output output : outputs) {
            if (Wire.decode(output.value().array()) instanceof LayerSketch sketch) {
                String name = sketch.getLayer() + "@" + sketch.getPaneStart();
                found.merge(name, 1, Integer::sum);
                if (!holdsExactly(sketch)) {
                    wrong.add(name + ": other input");
                }
            }
        }
        for (long pane : panes.keySet()) {
            for (String layer : Synthetic.LAYERS) {
                int times = found.getOrDefault(layer + "@" + pane, 0);
                if (times != 1) {
                    wrong.add(layer + "@" + pane + ": published " + times + " times");
                }
            }
        }
        return wrong;
    }

    private boolean holdsExactly(LayerSketch sketch) {
        Map<Integer, Chain> chains = panes.get(sketch.getPaneStart());
        if (chains == null) {
            return false;
        }
        long snapshots = 0;
        for (ShardInput input : sketch.getManifest().getShards()) {
            Chain chain = chains.getOrDefault(input.getShard(), new Chain());
            snapshots += input.getSnapshots();
            boolean same =
                    input.getSnapshots() == chain.snapshots
                            && input.getFirstOffset() == chain.first
                            && (chain.snapshots == 0 || input.getLastOffset() == chain.last)
                            && input.getChain().equals(ByteBuffer.wrap(chain.hash));
            if (!same) {
                return false;
            }
        }
        return sketch.getRows() == snapshots * Synthetic.ROWS;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
