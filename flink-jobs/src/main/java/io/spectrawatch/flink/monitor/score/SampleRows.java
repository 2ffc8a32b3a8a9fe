package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.log.DetectorLayers;
import io.spectrawatch.flink.log.SegmentPieces.Piece;
import io.spectrawatch.flink.monitor.baseline.BaselineTaps;
import io.spectrawatch.flink.monitor.message.ScoreSummary.Unscored;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.spectral.detect.input.Tap;
import java.util.List;

/**
 * The rows of a snapshot as a detector takes them: the layers of its taps, and which of their rows
 * belong to each sample.
 */
final class SampleRows {

    private final ActivationSnapshot snapshot;
    private final Unscored reason;
    private final boolean ranged;

    /** Null where the snapshot cannot be scored. */
    private final DetectorLayers layers;

    /** Rows of the layers, sample by sample, and where those of each begin. */
    private final int[] order;

    private final int[] start;

    private SampleRows(
            ActivationSnapshot snapshot,
            Unscored reason,
            boolean ranged,
            DetectorLayers layers,
            int[] order,
            int[] start) {
        this.snapshot = snapshot;
        this.reason = reason;
        this.ranged = ranged;
        this.layers = layers;
        this.order = order;
        this.start = start;
    }

    static SampleRows of(Piece piece, List<Tap> taps, BaselineTaps calibrated) {
        ActivationSnapshot snapshot = piece.snapshot();
        if (calibrated.contradict(snapshot)) {
            return none(snapshot, Unscored.OTHER_TAP);
        }
        RowMap map = piece.map();
        DetectorLayers layers = layers(snapshot, map, taps);
        if (layers == null) {
            return none(snapshot, Unscored.OTHER_LAYERS);
        }
        int samples = snapshot.getSamples().size();
        int[] start = new int[samples + 1];
        Layer lead = layers.lead();
        int rows = lead.getRows();
        int[] sampleOf = layers.owners();
        for (int row = 0; row < rows; row++) {
            start[sampleOf[row] + 1]++;
        }
        for (int s = 0; s < samples; s++) {
            start[s + 1] += start[s];
        }
        int[] next = start.clone();
        int[] order = new int[rows];
        for (int row = 0; row < rows; row++) {
            order[next[sampleOf[row]]++] = row;
        }
        boolean ranged = map.ranged() && !lead.getPerSample();
        return new SampleRows(snapshot, null, ranged, layers, order, start);
    }

    private static SampleRows none(ActivationSnapshot snapshot, Unscored reason) {
        int[] start = new int[snapshot.getSamples().size() + 1];
        return new SampleRows(snapshot, reason, false, null, new int[0], start);
    }

    /** The layers of the taps, null if one is missing or carries other rows than the others. */
    private static DetectorLayers layers(ActivationSnapshot snapshot, RowMap map, List<Tap> taps) {
        Layer[] found = new Layer[taps.size()];
        boolean[] ofSample = new boolean[found.length];
        for (int t = 0; t < found.length; t++) {
            for (Layer layer : snapshot.getLayers()) {
                boolean own = layer.getName().equals(taps.get(t).name());
                found[t] = own && layer.getColumns() == taps.get(t).dimension() ? layer : found[t];
            }
            ofSample[t] = taps.get(t).ofSample();
            if (found[t] == null && !(ofSample[t] && DetectorLayers.mayLackText(snapshot))) {
                return null;
            }
        }
        return DetectorLayers.of(map, found, ofSample);
    }

    ActivationSnapshot snapshot() {
        return snapshot;
    }

    /** Whether all layers are there, as wide as the taps, with the same rows, tapped alike. */
    boolean fit() {
        return layers != null;
    }

    /** Why the snapshot cannot be scored; null where it can. */
    Unscored reason() {
        return reason;
    }

    /** The layer of a tap; null for a text that the snapshot does without. */
    Layer layer(int tap) {
        return layers.layer(tap);
    }

    /** The place of a sample's one row in a layer that has one per sample; -1 for none. */
    int ofSample(int tap, int sample) {
        return layers.rowOf(tap, sample);
    }

    /** Rows of all samples. */
    int rows() {
        return order.length;
    }

    /** Rows of a sample. */
    int rows(int sample) {
        return start[sample + 1] - start[sample];
    }

    /** The place in the layers of row i of a sample. */
    int row(int sample, int i) {
        return order[start[sample] + i];
    }

    /** Whether the samples say where their rows stand. */
    boolean ranged() {
        return ranged;
    }
}
