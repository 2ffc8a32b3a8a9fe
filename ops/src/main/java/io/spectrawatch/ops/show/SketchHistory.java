package io.spectrawatch.ops.show;

import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The last panes of the layers of a model, without what is large and not looked at.
 *
 * @param layers by place in the chain of layers, then name, version and segment; panes of each with
 *     the oldest first
 */
public record SketchHistory(List<List<LayerSketch>> layers) {

    /** Layers that are kept. */
    private static final int MOST_LAYERS = 2_000;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /**
     * What is wanted.
     *
     * @param model model
     * @param version its version, or null for all
     * @param layer one layer, or null for all
     * @param segment segment, or null for what no segment's baseline judges
     * @param panes panes of each layer at most
     * @param since records stamped then or later, milliseconds since the epoch
     */
    public record Wish(
            String model, String version, String layer, String segment, int panes, long since) {

        boolean admits(LayerSketch sketch) {
            return model.equals(sketch.getModelId())
                    && (version == null || version.equals(sketch.getModelVersion()))
                    && (layer == null || layer.equals(sketch.getLayer()))
                    && Objects.equals(segment, sketch.getSegment());
        }
    }

    /**
     * Reads the topic of sketches to its present end.
     *
     * @param client Kafka client properties
     * @param prefix prefix of the topics' names
     * @throws IOException if nothing is recorded of what is wanted; the message says so
     */
    public static SketchHistory read(Map<String, Object> client, String prefix, Wish wish)
            throws IOException {
        String name = Topics.SKETCHES.topicName(prefix);
        Map<String, Deque<LayerSketch>> found = new TreeMap<>();
        String keys = Topics.key(wish.model()) + '/';
        try (TopicRange topic = new TopicRange(client, name)) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                topic.read(
                        partition,
                        topic.at(partition, wish.since()),
                        topic.end(partition),
                        record -> {
                            if (text(record.key()).startsWith(keys)) {
                                keep(record.value(), wish, found);
                            }
                        });
            }
        }
        if (found.isEmpty()) {
            throw new IOException(
                    "no sketch of model "
                            + wish.model()
                            + (wish.version() == null ? "" : " version " + wish.version())
                            + (wish.layer() == null ? "" : ", layer " + wish.layer())
                            + " is recorded in "
                            + name
                            + " since then");
        }
        return of(found.values());
    }

    private static SketchHistory of(Iterable<Deque<LayerSketch>> found) {
        List<List<LayerSketch>> layers = new ArrayList<>();
        found.forEach(panes -> layers.add(List.copyOf(panes)));
        layers.sort(
                Comparator.comparingInt((List<LayerSketch> panes) -> panes.get(0).getLayerIndex())
                        .thenComparing(panes -> panes.get(0).getLayer())
                        .thenComparing(panes -> panes.get(0).getModelVersion()));
        return new SketchHistory(layers);
    }

    private static String text(byte[] key) {
        return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }

    private static void keep(byte[] value, Wish wish, Map<String, Deque<LayerSketch>> found) {
        LayerSketch sketch;
        try {
            if (value == null || !Wire.isA(value, LayerSketch.getClassSchema().getFullName())) {
                return;
            }
            sketch = Wire.decode(value, LayerSketch.class);
        } catch (WireException e) {
            // What cannot be read cannot be shown; decode names it.
            return;
        }
        if (!wish.admits(sketch)) {
            return;
        }
        String key = Topics.key(sketch.getLayer(), sketch.getModelVersion());
        if (found.size() >= MOST_LAYERS && !found.containsKey(key)) {
            return;
        }
        Deque<LayerSketch> panes = found.computeIfAbsent(key, k -> new ArrayDeque<>());
        if (!panes.isEmpty()) {
            // Only the newest is drawn.
            LayerSketch before = panes.removeLast();
            panes.add(LayerSketch.newBuilder(before).setSpectrum(List.of()).build());
        }
        panes.add(LayerSketch.newBuilder(sketch).setBasis(NOTHING).build());
        if (panes.size() > wish.panes()) {
            panes.remove();
        }
    }
}
