package io.spectrawatch.ops.demo.pipeline;

import io.spectrawatch.ops.demo.stack.RecordFollower;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.spectral.binary.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.avro.specific.SpecificRecord;

/** Follows the sketches topic and hands on every layer sketch with its whole binary form. */
final class SketchFollower implements AutoCloseable {

    private final RecordFollower follower;
    private final BiConsumer<LayerSketch, byte[]> sink;
    private final Map<ByteBuffer, LayerSketch> waiting = new HashMap<>();
    private final Map<ByteBuffer, byte[][]> chunks = new HashMap<>();

    /**
     * @param sink called on the follower's thread, once per layer sketch
     */
    SketchFollower(Map<String, Object> client, String topic, BiConsumer<LayerSketch, byte[]> sink) {
        this.sink = sink;
        this.follower = new RecordFollower(client, List.of(topic), this::accept);
    }

    /** Fails with what ended the following, if anything did. */
    void check() {
        follower.check();
    }

    @Override
    public void close() {
        follower.close();
    }

    private void accept(SpecificRecord record) {
        if (record instanceof LayerSketch sketch) {
            waiting.put(sketch.getSketchDigest(), sketch);
            chunks.put(sketch.getSketchDigest(), new byte[sketch.getSketchChunks()][]);
        } else if (record instanceof SketchChunk chunk) {
            byte[][] parts = chunks.get(chunk.getDigest());
            if (parts == null) {
                throw new IllegalStateException("a sketch chunk came before its layer sketch");
            }
            byte[] part = new byte[chunk.getData().remaining()];
            chunk.getData().duplicate().get(part);
            parts[chunk.getIndex()] = part;
            if (Arrays.stream(parts).allMatch(p -> p != null)) {
                chunks.remove(chunk.getDigest());
                deliver(waiting.remove(chunk.getDigest()), parts);
            }
        }
    }

    private void deliver(LayerSketch sketch, byte[][] parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        byte[] bytes = whole.toByteArray();
        if (!ByteBuffer.wrap(Sha256.of(bytes)).equals(sketch.getSketchDigest())) {
            throw new IllegalStateException(
                    "the chunks of the sketch of " + sketch.getLayer() + " do not have its digest");
        }
        sink.accept(sketch, bytes);
    }
}
