package io.spectrawatch.flink.weights;

import io.spectrawatch.flink.blob.BlobException;
import io.spectrawatch.flink.blob.BlobException.Reason;
import io.spectrawatch.flink.blob.BlobFormat;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.ModelEntry;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.WeightTensor;
import io.spectrawatch.spectral.detect.input.Head;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * How a head lies in the models topic.
 *
 * <pre>
 *   blob    classes x dimension fp32 W | classes fp32 b, row-major, little-endian
 *   entry   model/version/entry; tensors head.weight (classes x dimension), head.bias (1 x classes)
 * </pre>
 */
final class HeadFormat {

    private static final String WEIGHT = "head.weight";
    private static final String BIAS = "head.bias";

    /** How the keys of entries end, and no chunk's. */
    static final String ENTRY = "/entry";

    private HeadFormat() {}

    static String entryKey(String model, String version) {
        return Topics.key(model, version, "entry");
    }

    static byte[] blob(float[] weights, float[] bias) {
        ByteBuffer blob =
                ByteBuffer.allocate(
                        Math.multiplyExact(
                                Math.addExact(weights.length, bias.length), Float.BYTES));
        blob.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(weights).put(bias);
        return blob.array();
    }

    static ModelEntry entry(ModelKey model, byte[] blob, int classes, int dimension) {
        return new ModelEntry(
                model.model(),
                model.version(),
                model.digest(),
                BlobFormat.hash(blob),
                (long) blob.length,
                BlobFormat.chunks(blob.length),
                List.of(
                        new WeightTensor(WEIGHT, classes, dimension),
                        new WeightTensor(BIAS, 1, classes)));
    }

    /**
     * Reads a head whose blob has the entry's hash.
     *
     * @throws BlobException if the tensors are others, have other sizes, or hold what is no number
     */
    static Head head(ModelEntry entry, byte[] blob) throws BlobException {
        List<WeightTensor> tensors = entry.getTensors();
        boolean named =
                tensors.size() == 2
                        && tensors.get(0).getName().equals(WEIGHT)
                        && tensors.get(1).getName().equals(BIAS);
        int classes = named ? tensors.get(0).getRows() : 0;
        int dimension = named ? tensors.get(0).getColumns() : 0;
        boolean sized =
                classes > 0
                        && dimension > 0
                        && tensors.get(1).getRows() == 1
                        && tensors.get(1).getColumns() == classes
                        && blob.length == ((long) classes * dimension + classes) * Float.BYTES;
        if (!sized) {
            throw corrupt(
                    entry,
                    String.format(
                            "%s of classes x dimension and %s of 1 x classes in %d bytes expected,"
                                    + " found %s",
                            WEIGHT, BIAS, blob.length, tensors));
        }
        FloatBuffer values = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        return new Head(finite(entry, values, classes * dimension), finite(entry, values, classes));
    }

    private static double[] finite(ModelEntry entry, FloatBuffer values, int count)
            throws BlobException {
        double[] out = new double[count];
        for (int i = 0; i < count; i++) {
            out[i] = values.get();
            if (!Double.isFinite(out[i])) {
                throw corrupt(entry, "finite weights expected, found " + out[i]);
            }
        }
        return out;
    }

    private static BlobException corrupt(ModelEntry entry, String what) {
        return new BlobException(
                Reason.CORRUPT,
                "the head of " + entry.getModelId() + " " + entry.getModelVersion() + ": " + what);
    }
}
