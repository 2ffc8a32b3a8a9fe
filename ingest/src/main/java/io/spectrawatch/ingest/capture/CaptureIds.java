package io.spectrawatch.ingest.capture;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Utils;

/**
 * captureIds that go to chosen shards.
 *
 * <p>All snapshots of a captureId go to one shard, by the hash of the record key that Kafka's
 * default partitioner takes. A process that uses one captureId per shard, in turn, loads all of
 * them alike.
 */
public final class CaptureIds {

    private CaptureIds() {}

    /**
     * So many different ids, dealt to the shards in turn.
     *
     * @param prefix how they begin
     * @param shards partitions of the activations topic
     */
    public static List<String> spread(String prefix, int shards, int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(onShard(i % shards, shards, prefix + "-" + i / shards));
        }
        return ids;
    }

    /** An id that Kafka's default partitioner puts on a shard. */
    public static String onShard(int shard, int shards, String prefix) {
        for (int i = 0; ; i++) {
            String id = prefix + "-" + i;
            int hash = Utils.toPositive(Utils.murmur2(id.getBytes(StandardCharsets.UTF_8)));
            if (hash % shards == shard) {
                return id;
            }
        }
    }
}
