package io.spectrawatch.ops.exporter;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.ShardInput;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows records that were published before: a monitor that began its log again writes every one a
 * second time, equal in what it is about. Belongs to one thread at a time.
 *
 * <p>Two orders make that cheap. What is about panes comes in the order of panes, within {@value
 * #PANES} of them, for each layer, interface or kind of alert. What is about samples comes in the
 * order of offsets for each shard, and an offset that goes back with a later time is another log.
 */
public final class RepeatedRecords {

    private static final Logger LOG = LoggerFactory.getLogger(RepeatedRecords.class);

    /** Panes whose identities are remembered. */
    private static final int PANES = 16;

    /** Layers, interfaces, kinds and shards remembered; the longest silent is forgotten first. */
    private static final int MOST_STREAMS = 50_000;

    private final Map<List<String>, PaneStream> panes = new Streams<>();
    private final Map<List<String>, SampleStream> samples = new Streams<>();
    private final Counter repeated =
            Counter.build(
                            "spectrawatch_repeated_records_total",
                            "Records that were published before and are not counted again, by"
                                    + " type.")
                    .labelNames("type")
                    .create();
    private boolean told;

    void registerAt(CollectorRegistry registry) {
        repeated.register(registry);
    }

    /** Whether the record has not been seen; remembers it. */
    boolean isNew(SpecificRecord record) {
        if (isFirst(record)) {
            return true;
        }
        String type = record.getSchema().getName();
        repeated.labels(type).inc();
        if (!told) {
            told = true;
            LOG.warn(
                    "records are published a second time, the first is {}; they are counted once,"
                            + " see spectrawatch_repeated_records_total",
                    name(record));
        }
        return false;
    }

    /** The same, without a word about it and uncounted. */
    public boolean isFirst(SpecificRecord record) {
        if (record instanceof LayerSketch sketch) {
            return ofPane(
                    List.of(
                            "s",
                            ModelLabel.of(sketch.getModelId(), sketch.getSegment()),
                            sketch.getModelVersion(),
                            sketch.getLayer()),
                    sketch.getPaneEnd(),
                    sketch.getLayerIndex() + input(sketch.getManifest()));
        }
        if (record instanceof InterfaceCertificate each) {
            return ofPane(
                    List.of(
                            "c",
                            ModelLabel.of(each.getModelId(), each.getSegment()),
                            each.getModelVersion(),
                            each.getInterfaceName()),
                    each.getPaneEnd(),
                    each.getPaneStart() + each.getReason() + each.getBaselineId());
        }
        if (record instanceof GainGrowth each) {
            return ofPane(
                    List.of(
                            "g",
                            ModelLabel.of(each.getModelId(), each.getSegment()),
                            each.getModelVersion()),
                    each.getPaneEnd(),
                    each.getBaselineId());
        }
        if (record instanceof SampleScores each) {
            return ofSample(
                    List.of(
                            "p",
                            ModelLabel.of(each.getModelId(), each.getSegment()),
                            each.getModelVersion(),
                            Integer.toString(each.getShard())),
                    each.getOffset(),
                    each.getCapturedAt(),
                    each.getSampleId());
        }
        return !(record instanceof Alert alert) || isFirst(alert);
    }

    private boolean isFirst(Alert alert) {
        String model = ModelLabel.of(alert.getModelId(), alert.getSegment());
        String version = alert.getModelVersion();
        if (alert.getSampleId() == null) {
            String part = alert.getPart() == null ? "" : alert.getPart();
            return ofPane(
                    List.of("a", model, version, part, alert.getKind()),
                    alert.getPaneEnd(),
                    alert.getId());
        }
        Map<String, String> evidence = alert.getEvidence();
        try {
            return ofSample(
                    List.of("q", model, version, String.valueOf(evidence.get("shard"))),
                    Long.parseLong(evidence.get("offset")),
                    Long.parseLong(evidence.get("capturedAt")),
                    alert.getId());
        } catch (NumberFormatException e) {
            // Not a monitor's: nothing is known about its order.
            return true;
        }
    }

    private static String input(Manifest manifest) {
        StringBuilder input = new StringBuilder().append(manifest.getBaselineId());
        for (ShardInput shard : manifest.getShards()) {
            input.append(' ').append(shard.getShard());
            input.append(':').append(shard.getFirstOffset());
            input.append('-').append(shard.getLastOffset());
        }
        return input.toString();
    }

    private static String name(SpecificRecord record) {
        if (record instanceof Alert alert) {
            return "the alert " + alert.getId();
        }
        if (record instanceof LayerSketch sketch) {
            return "the sketch of "
                    + sketch.getLayer()
                    + " of "
                    + ModelLabel.of(sketch.getModelId(), sketch.getSegment())
                    + ", pane end "
                    + sketch.getPaneEnd();
        }
        return "a " + record.getSchema().getName();
    }

    private boolean ofPane(List<String> stream, long paneEnd, String identity) {
        return panes.computeIfAbsent(stream, s -> new PaneStream()).isNew(paneEnd, identity);
    }

    private boolean ofSample(List<String> stream, long offset, long time, String identity) {
        return samples.computeIfAbsent(stream, s -> new SampleStream())
                .isNew(offset, time, identity);
    }

    private static final class PaneStream {

        private final TreeMap<Long, Set<String>> known = new TreeMap<>();

        boolean isNew(long paneEnd, String identity) {
            if (known.size() == PANES && paneEnd < known.firstKey()) {
                return false;
            }
            boolean added = known.computeIfAbsent(paneEnd, e -> new HashSet<>(2)).add(identity);
            if (known.size() > PANES) {
                known.pollFirstEntry();
            }
            return added;
        }
    }

    private static final class SampleStream {

        private final Set<String> atOffset = new HashSet<>();
        private long offset = -1;
        private long latest = Long.MIN_VALUE;

        boolean isNew(long at, long time, String identity) {
            if (at < offset && time <= latest) {
                return false;
            }
            if (at != offset) {
                atOffset.clear();
            }
            offset = at;
            latest = Math.max(latest, time);
            return atOffset.add(identity);
        }
    }

    /** Forgets what was not asked for longest. */
    private static final class Streams<V> extends LinkedHashMap<List<String>, V> {

        private static final long serialVersionUID = 1L;

        Streams() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, V> eldest) {
            return size() > MOST_STREAMS;
        }
    }
}
