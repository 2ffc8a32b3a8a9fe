package io.spectrawatch.flink.log;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import io.spectrawatch.spectral.text.TextNgrams;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Puts texts beside samples, which their ids decide, as taps do. */
public final class TextTap {

    private static final List<String> WORDS =
            List.of("the", "of", "red", "fish", "a", "small", "tree", "in", "house", "that");

    private TextTap() {}

    /** The text of a sample. */
    public static String text(String id) {
        Random random = new Random(id.hashCode());
        StringBuilder text = new StringBuilder();
        for (int i = 3 + random.nextInt(20); i > 0; i--) {
            int word = (int) (WORDS.size() * Math.pow(random.nextDouble(), 2));
            text.append(WORDS.get(word)).append(' ');
        }
        return text.toString();
    }

    /** The snapshot with the texts of its samples before the other layers. */
    public static ActivationSnapshot with(ActivationSnapshot snapshot) {
        List<String> texts =
                snapshot.getSamples().stream().map(Sample::getId).map(TextTap::text).toList();
        float[] rows = TextNgrams.rows(texts);
        ByteBuffer data = ByteBuffer.allocate(Short.BYTES * rows.length);
        data.order(ByteOrder.LITTLE_ENDIAN);
        for (float count : rows) {
            data.putShort(half((int) count));
        }
        List<Layer> layers = new ArrayList<>();
        boolean ranged = snapshot.getSamples().get(0).getRows() != null;
        layers.add(
                Layer.newBuilder()
                        .setName(TextNgrams.FORMAT)
                        .setIndex(0)
                        .setRole(LayerRole.INPUT)
                        .setRows(texts.size())
                        .setColumns(TextNgrams.COLUMNS)
                        .setElementType(ElementType.FLOAT16)
                        .setData(data.flip())
                        .setTap(TextNgrams.FORMAT)
                        .setPerSample(ranged)
                        .build());
        for (Layer layer : snapshot.getLayers()) {
            layers.add(Layer.newBuilder(layer).setIndex(layer.getIndex() + 1).build());
        }
        return ActivationSnapshot.newBuilder(snapshot).setLayers(layers).build();
    }

    /** A whole number up to 2048 in half precision. */
    private static short half(int count) {
        if (count == 0) {
            return 0;
        }
        int exponent = 31 - Integer.numberOfLeadingZeros(count);
        return (short) ((exponent + 15) << 10 | (count << 10 >> exponent) - (1 << 10));
    }

    /** The snapshot as a tap of texts makes it of a part without one. */
    public static ActivationSnapshot without(ActivationSnapshot snapshot) {
        List<Layer> layers = new ArrayList<>(with(snapshot).getLayers());
        layers.remove(0);
        return ActivationSnapshot.newBuilder(snapshot).setLayers(layers).build();
    }

    /** The snapshot with texts beside its layers in which no sample has a word. */
    public static ActivationSnapshot withEmpty(ActivationSnapshot snapshot) {
        ActivationSnapshot texts = with(snapshot);
        List<Layer> layers = new ArrayList<>(texts.getLayers());
        int bytes = layers.get(0).getData().remaining();
        layers.set(0, Layer.newBuilder(layers.get(0)).setData(ByteBuffer.allocate(bytes)).build());
        return ActivationSnapshot.newBuilder(texts).setLayers(layers).build();
    }

    /** Rows of samples, several each, with their texts behind. */
    public static Activations beside(Activations rows, List<String> ids) {
        List<Tap> taps = new ArrayList<>(rows.taps());
        taps.add(new Tap(TextNgrams.FORMAT, TapRole.INPUT, TextNgrams.COLUMNS, true));
        float[][] values = new float[taps.size()][];
        for (int t = 0; t < values.length - 1; t++) {
            values[t] = rows.values(t);
        }
        values[values.length - 1] = TextNgrams.rows(ids.stream().map(TextTap::text).toList());
        int[] owners = IntStream.range(0, rows.rows()).map(rows::sampleOf).toArray();
        return Activations.of(taps, values, owners);
    }

    /** Rows of samples, one each, with their texts. */
    public static Activations with(Activations rows, List<String> ids) {
        List<Tap> taps = new ArrayList<>();
        taps.add(new Tap(TextNgrams.FORMAT, TapRole.INPUT, TextNgrams.COLUMNS));
        taps.addAll(rows.taps());
        float[][] values = new float[taps.size()][];
        values[0] = TextNgrams.rows(ids.stream().map(TextTap::text).toList());
        for (int t = 1; t < values.length; t++) {
            values[t] = rows.values(t - 1);
        }
        return Activations.of(taps, values);
    }
}
