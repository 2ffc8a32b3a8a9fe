package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.certificate.moments.SampleSplit;
import java.util.List;

/**
 * To which half of a pane the rows of a snapshot belong: that of their sample, by the seeded hash
 * of its id, so that all rows of a sample stay together on every shard.
 */
final class SampleHalves {

    private final long seed;
    private RowMap map;
    private byte[] bySample = {};
    private byte[] byRow = {};

    SampleHalves(long seed) {
        this.seed = seed;
    }

    /** Begins with a snapshot. */
    void next(ActivationSnapshot snapshot, RowMap rows) {
        map = rows;
        List<Sample> samples = snapshot.getSamples();
        if (bySample.length < samples.size()) {
            bySample = new byte[samples.size()];
        }
        for (int i = 0; i < samples.size(); i++) {
            bySample[i] = (byte) SampleSplit.half(seed, samples.get(i).getId());
        }
    }

    /** Per row of a layer 0 or 1; valid until the next call. */
    byte[] of(Layer layer) {
        int rows = layer.getRows();
        if (byRow.length < rows) {
            byRow = new byte[rows];
        }
        int[] owners = map.owners(layer);
        for (int row = 0; row < rows; row++) {
            byRow[row] = bySample[owners[row]];
        }
        return byRow;
    }
}
