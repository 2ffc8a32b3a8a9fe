package io.spectrawatch.ingest.topology;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Phase;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Small snapshots that are valid but for what a test changes. */
public final class Snapshots {

    public static final String CAPTURE = "host-1";
    public static final String DIGEST = "0123456789abcdef".repeat(4);

    private Snapshots() {}

    /** Two samples; a layer of three token rows and one of two pooled rows, two columns each. */
    public static ActivationSnapshot.Builder valid() {
        return ActivationSnapshot.newBuilder()
                .setModelId("m")
                .setModelVersion("1")
                .setModelDigest(DIGEST)
                .setCaptureId(CAPTURE)
                .setSequence(0)
                .setCapturedAt(0)
                .setSamples(List.of(sample("a"), sample("b")))
                .setLayers(List.of(tokens().build(), pooled().build()));
    }

    /**
     * The same rows as {@link #valid()}, said by the samples: the second part of a and all of b,
     * with all that a request can say of itself.
     */
    public static ActivationSnapshot.Builder ranged() {
        return valid().setSamples(List.of(part("a", 1, false).build(), context("b").build()))
                .setLayers(
                        List.of(
                                tokens().setRowSample(null).setTap("residual-pre-norm").build(),
                                pooled().setPerSample(true).build()));
    }

    /** Two rows, of a prompt and of what was generated. */
    public static Sample.Builder part(String id, int part, boolean last) {
        return Sample.newBuilder(sample(id))
                .setPart(part)
                .setLast(last)
                .setRows(
                        List.of(
                                new RowRange(2L * part, 1, Phase.PROMPT),
                                new RowRange(2L * part + 1, 1, Phase.GENERATED)));
    }

    /** One row, and all that a request can say of itself. */
    public static Sample.Builder context(String id) {
        return Sample.newBuilder(WholeSample.of(id, "client", "tenant", 0.5))
                .setSession("session")
                .setTraceId("4bf92f3577b34da6a3ce929d0e0e4736")
                .setSpanId("00f067aa0ba902b7")
                .setAttributes(Map.of("route", "/chat", "segment", "a"))
                .setRows(List.of(new RowRange(7L, 1, null)));
    }

    /**
     * A snapshot in parts: each sample has as many rows as it says, of a layer with two columns.
     */
    public static ActivationSnapshot.Builder parts(long sequence, Sample... samples) {
        int rows =
                Arrays.stream(samples).mapToInt(each -> Math.max(0, (int) RowMap.rows(each))).sum();
        return valid().setSequence(sequence)
                .setSamples(List.of(samples))
                .setLayers(
                        List.of(
                                tokens().setRowSample(null)
                                        .setRows(rows)
                                        .setData(floats(new float[2 * rows]))
                                        .build()));
    }

    /** Encoded as by clients of the release before samples had parts. */
    public static byte[] firstVersion(ActivationSnapshot.Builder snapshot) {
        String first = "/fuzz/wire-valid/ActivationSnapshot-1.bin";
        try (InputStream in = Snapshots.class.getResourceAsStream(first)) {
            return Wire.encodedLike(in.readAllBytes(), Wire.encode(snapshot.build()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Sample sample(String id) {
        return WholeSample.of(id, null, null, 1.0);
    }

    public static Layer.Builder tokens() {
        return Layer.newBuilder()
                .setName("tokens")
                .setIndex(0)
                .setRole(LayerRole.HIDDEN)
                .setRows(3)
                .setColumns(2)
                .setElementType(ElementType.FLOAT32)
                .setRowSample(List.of(0, 0, 1))
                .setData(floats(1, 2, 3, 4, 5, 6));
    }

    public static Layer.Builder pooled() {
        return Layer.newBuilder()
                .setName("pooled")
                .setIndex(1)
                .setRole(LayerRole.EMBEDDING)
                .setRows(2)
                .setColumns(2)
                .setElementType(ElementType.FLOAT32)
                .setRowSample(null)
                .setData(floats(1, 2, 3, 4));
    }

    public static ByteBuffer floats(float... values) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        return data.flip();
    }

    public static byte[] bytes(ActivationSnapshot.Builder snapshot) {
        return Wire.encode(snapshot.build());
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
