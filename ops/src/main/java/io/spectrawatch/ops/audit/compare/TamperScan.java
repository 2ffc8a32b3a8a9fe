package io.spectrawatch.ops.audit.compare;

import io.spectrawatch.flink.verdict.AcceptedValues;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.ValueDigest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Looks for the records of the log that are no longer what they were when ingest wrote them. */
public final class TamperScan {

    private final TreeMap<Integer, long[]> suspects = new TreeMap<>();
    private final TreeSet<Altered> altered = new TreeSet<>();

    /**
     * Scans the input of every pane whose chain differs.
     *
     * @return the records whose value does not have the digest beside it; where a shard has none,
     *     the range of offsets in which something changed
     */
    public static List<Altered> run(
            ReplayComparison comparison,
            List<Entry> recorded,
            List<Entry> recomputed,
            Map<String, Object> client,
            String prefix)
            throws IOException {
        TamperScan scan = new TamperScan();
        Map<String, Manifest> then = manifests(recorded);
        Map<String, Manifest> now = manifests(recomputed);
        for (ReplayFinding finding : comparison.findings()) {
            if (finding.verdict() == ReplayVerdict.DIVERGED) {
                scan.suspect(then.get(finding.identity()), now.get(finding.identity()));
            }
        }
        if (!scan.suspects.isEmpty()) {
            scan.read(client, prefix);
        }
        return List.copyOf(scan.altered);
    }

    private static Map<String, Manifest> manifests(List<Entry> entries) {
        Map<String, Manifest> manifests = new TreeMap<>();
        for (Entry entry : entries) {
            IndexedRecord record = entry.decoded();
            var field = record.getSchema().getField("manifest");
            if (field != null && record.get(field.pos()) instanceof Manifest manifest) {
                manifests.put(entry.identity(), manifest);
            }
        }
        return manifests;
    }

    private void suspect(Manifest then, Manifest now) {
        if (then == null) {
            return;
        }
        for (int i = 0; i < then.getShards().size(); i++) {
            ShardInput a = then.getShards().get(i);
            ShardInput b =
                    now == null || i >= now.getShards().size() ? null : now.getShards().get(i);
            boolean same = b != null && a.getChain().equals(b.getChain());
            if (!same && a.getFirstOffset() >= 0) {
                long[] range =
                        suspects.computeIfAbsent(
                                a.getShard(), s -> new long[] {Long.MAX_VALUE, -1});
                range[0] = Math.min(range[0], a.getFirstOffset());
                range[1] = Math.max(range[1], a.getLastOffset());
            }
        }
    }

    private void read(Map<String, Object> client, String prefix) throws IOException {
        try (TopicRange log = TopicRange.ofSnapshots(client, Topics.VALIDATED.topicName(prefix))) {
            for (Map.Entry<Integer, long[]> suspect : suspects.entrySet()) {
                int shard = suspect.getKey();
                long from = suspect.getValue()[0];
                long to = suspect.getValue()[1];
                int before = altered.size();
                log.read(shard, from, to + 1, this::check);
                if (altered.size() == before) {
                    altered.add(new Altered(shard, from, to, false));
                }
            }
        }
    }

    /**
     * Ticks and activations carry no digest; a value that claims to be a snapshot has to, unless it
     * was read in the place of its verdict, which holds one. A verdict that is still there is one
     * whose snapshot is not what was accepted.
     */
    private void check(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        Header digest = record.headers().lastHeader(ValueDigest.HEADER);
        boolean wrong;
        if (digest != null) {
            wrong = value == null || !Arrays.equals(digest.value(), ValueDigest.of(value));
        } else {
            boolean unproven = AcceptedValues.digest(record) == null;
            wrong =
                    value != null
                            && unproven
                            && (LoggedSnapshot.isOne(value) || LoggedSnapshot.isVerdict(value));
        }
        if (wrong) {
            altered.add(new Altered(record.partition(), record.offset(), record.offset(), true));
        }
    }
}
