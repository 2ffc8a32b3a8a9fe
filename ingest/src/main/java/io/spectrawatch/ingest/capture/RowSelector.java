package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.Phase;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Takes the rows of a layer out of a tensor. */
final class RowSelector {

    private final RowSelection selection;

    RowSelector(RowSelection selection) {
        this.selection = selection;
    }

    /**
     * @param batch the texts behind the tensor; null when the model was fed arrays
     * @throws CaptureException if the tensor has no row per sample
     */
    LayerRows select(TensorData tensor, int samples, TokenBatch batch) {
        int rank = tensor.shape().length;
        if (rank < 2 || tensor.size(0) != samples) {
            throw new CaptureException(
                    "a tapped tensor must have shape (samples, ...) with "
                            + samples
                            + " samples, found "
                            + tensor.shapeText());
        }
        boolean maps = rank > 3 || rank == 3 && tensor.channelsFirst();
        if (rank == 3 && !maps) {
            return tokens(tensor, samples, batch);
        }
        if (maps && selection.featureMaps() == RowSelection.FeatureMaps.POOL) {
            return pool(tensor, samples);
        }
        if (maps && selection.featureMaps() == RowSelection.FeatureMaps.EACH) {
            return positions(tensor, samples);
        }
        float[] values = new float[tensor.values().remaining()];
        tensor.values().duplicate().get(values);
        return LayerRows.ofWholes(values.length / samples, onePerSample(samples), values);
    }

    private LayerRows tokens(TensorData tensor, int samples, TokenBatch batch) {
        int length = tensor.size(1);
        int columns = tensor.size(2);
        if (batch != null && batch.length() != length) {
            throw new CaptureException(
                    "a tapped tensor must have one row per token, "
                            + batch.length()
                            + ", found "
                            + tensor.shapeText());
        }
        int[] firstRow = new int[samples + 1];
        int[][] chosen = new int[samples][];
        for (int i = 0; i < samples; i++) {
            chosen[i] = choose(i, length, batch);
            boolean single = selection.tokens() == RowSelection.Tokens.MEAN;
            firstRow[i + 1] =
                    firstRow[i] + (single ? Math.min(1, chosen[i].length) : chosen[i].length);
        }
        float[] values = new float[Math.multiplyExact(firstRow[samples], columns)];
        for (int i = 0; i < samples; i++) {
            int source = i * length * columns;
            int target = firstRow[i] * columns;
            if (selection.tokens() == RowSelection.Tokens.MEAN) {
                mean(tensor.values(), source, columns, chosen[i], values, target);
            } else {
                for (int token : chosen[i]) {
                    tensor.values().get(source + token * columns, values, target, columns);
                    target += columns;
                }
            }
        }
        if (selection.tokens() == RowSelection.Tokens.MEAN) {
            return LayerRows.ofWholes(columns, firstRow, values);
        }
        int[] positions = new int[firstRow[samples]];
        for (int i = 0; i < samples; i++) {
            positions(i, chosen[i], batch, positions, firstRow[i]);
        }
        return new LayerRows(
                columns, firstRow, positions, batch == null ? null : Phase.PROMPT, values);
    }

    /** A token's place among those that are no padding, wherever the padding stands. */
    private static void positions(
            int sample, int[] tokens, TokenBatch batch, int[] positions, int at) {
        int padding = 0;
        int next = 0;
        for (int i = 0; i < tokens.length; i++) {
            for (; batch != null && next < tokens[i]; next++) {
                padding += batch.isPadding(sample, next) ? 1 : 0;
            }
            positions[at + i] = tokens[i] - padding;
        }
    }

    private int[] choose(int sample, int length, TokenBatch batch) {
        int[] text = new int[length];
        int count = 0;
        for (int token = 0; token < length; token++) {
            if (batch == null || batch.isText(sample, token, selection.specialTokens())) {
                text[count++] = token;
            }
        }
        if (selection.tokens() == RowSelection.Tokens.LAST) {
            return Arrays.copyOfRange(text, Math.max(0, count - 1), count);
        }
        int kept = Math.min(count, selection.maxRowsPerSample());
        int[] chosen = new int[kept];
        for (int i = 0; i < kept; i++) {
            chosen[i] = text[(int) ((long) i * count / kept)];
        }
        return chosen;
    }

    /** Sums in fp64. */
    private static void mean(
            FloatBuffer values, int source, int columns, int[] tokens, float[] out, int target) {
        if (tokens.length == 0) {
            return;
        }
        for (int c = 0; c < columns; c++) {
            double sum = 0;
            for (int token : tokens) {
                sum += values.get(source + token * columns + c);
            }
            out[target + c] = (float) (sum / tokens.length);
        }
    }

    private static LayerRows pool(TensorData tensor, int samples) {
        int channels = tensor.size(1);
        int area = area(tensor);
        float[] values = new float[samples * channels];
        for (int i = 0; i < values.length; i++) {
            double sum = 0;
            for (int p = 0; p < area; p++) {
                sum += tensor.values().get(i * area + p);
            }
            values[i] = (float) (sum / area);
        }
        return LayerRows.ofWholes(channels, onePerSample(samples), values);
    }

    /** The values of a position stand apart in the tensor, a map of all positions per channel. */
    private LayerRows positions(TensorData tensor, int samples) {
        int channels = tensor.size(1);
        int area = area(tensor);
        int kept = Math.min(area, selection.maxRowsPerSample());
        int[] firstRow = new int[samples + 1];
        int[] positions = new int[Math.multiplyExact(samples, kept)];
        float[] values = new float[Math.multiplyExact(positions.length, channels)];
        for (int i = 0; i < samples; i++) {
            firstRow[i + 1] = firstRow[i] + kept;
            for (int k = 0; k < kept; k++) {
                int row = firstRow[i] + k;
                positions[row] = (int) ((long) k * area / kept);
                for (int c = 0; c < channels; c++) {
                    int map = (i * channels + c) * area;
                    values[row * channels + c] = tensor.values().get(map + positions[row]);
                }
            }
        }
        return new LayerRows(channels, firstRow, positions, null, values);
    }

    private static int area(TensorData tensor) {
        int area = 1;
        for (int i = 2; i < tensor.shape().length; i++) {
            area = Math.multiplyExact(area, tensor.size(i));
        }
        return area;
    }

    private static int[] onePerSample(int samples) {
        int[] firstRow = new int[samples + 1];
        for (int i = 0; i <= samples; i++) {
            firstRow[i] = i;
        }
        return firstRow;
    }
}
