package io.spectrawatch.flink.calibrate.stage;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.certificate.moments.SampleSplit;
import java.util.List;

/**
 * To which third of the samples, and to which half, each sample of a snapshot belongs: a seeded
 * hash of its id decides, so the thirds share no sample.
 */
public final class SampleParts {

    /** Rows that the windows are taken from. */
    public static final int WINDOWS = 0;

    /** Rows of the reference moments. */
    public static final int REFERENCE = 1;

    /** Rows held back to see what scores do without change. */
    public static final int HELD_BACK = 2;

    private static final int PARTS = 3;

    private final RowMap map;
    private final byte[] part;
    private final byte[] half;

    public SampleParts(ActivationSnapshot snapshot, long seed) {
        map = RowMap.of(snapshot);
        List<Sample> samples = snapshot.getSamples();
        part = new byte[samples.size()];
        half = new byte[samples.size()];
        for (int i = 0; i < part.length; i++) {
            String id = samples.get(i).getId();
            part[i] = (byte) SampleSplit.part(seed, id, PARTS);
            half[i] = (byte) SampleSplit.half(seed, id);
        }
    }

    /** Takes rows of one part and half that follow each other. */
    public interface Sink {
        void rows(int first, int count, byte half);
    }

    /** Hands on the rows of a layer that belong to a part, in their order. */
    public void forEach(Layer layer, int wanted, Sink sink) {
        int rows = layer.getRows();
        int[] owners = map.owners(layer);
        int row = 0;
        while (row < rows) {
            int sample = owners[row];
            int first = row;
            while (row < rows && alike(sample, owners[row])) {
                row++;
            }
            if (part[sample] == wanted) {
                sink.rows(first, row - first, half[sample]);
            }
        }
    }

    private boolean alike(int sample, int other) {
        return part[sample] == part[other] && half[sample] == half[other];
    }
}
