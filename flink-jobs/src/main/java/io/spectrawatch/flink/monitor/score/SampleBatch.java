package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.log.DetectorLayers;
import io.spectrawatch.schemas.Phase;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.detect.combine.SampleSums;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of samples of one model that wait to be scored, in log order; those that one snapshot gave
 * of a sample together, which is a piece.
 *
 * <p>Rows stay where they arrived until a score asks for their layer, so that layers without weight
 * are never converted.
 */
final class SampleBatch {

    private final List<Tap> taps;
    private final float[][] values;
    private final int logits;
    private final List<Piece> pieces = new ArrayList<>();
    private long[] positions = {};
    private byte[] phases = {};
    private int rows;

    /**
     * The rows that a snapshot gave of a sample.
     *
     * @param place of the sample in the snapshot
     * @param before place in the batch behind the sample's rows before these, 0 for none here
     */
    private record Piece(OpenSample sample, SampleRows source, int place, int before) {}

    /**
     * @param values takes the rows while they are scored, by tap; of no meaning before and after
     */
    SampleBatch(List<Tap> taps, float[][] values) {
        this.taps = taps;
        this.values = values;
        int found = -1;
        for (int t = 0; t < taps.size(); t++) {
            found = taps.get(t).role() == TapRole.LOGITS ? t : found;
        }
        this.logits = found;
    }

    int rows() {
        return rows;
    }

    /** Takes the rows that a snapshot which fits gives of a sample; none leave no trace. */
    void add(OpenSample sample, SampleRows source, int place) {
        int count = source.rows(place);
        if (count == 0) {
            return;
        }
        pieces.add(new Piece(sample, source, place, sample.waitingRows()));
        if (positions.length < rows + count) {
            positions = Arrays.copyOf(positions, 2 * (rows + count));
            phases = Arrays.copyOf(phases, 2 * (rows + count));
        }
        if (source.ranged()) {
            range(source.snapshot().getSamples().get(place));
        } else {
            for (int i = 0; i < count; i++) {
                positions[rows] = sample.place();
                phases[rows++] = 0;
            }
        }
        sample.waits(rows);
    }

    private void range(Sample sample) {
        for (RowRange range : sample.getRows()) {
            for (int i = 0; i < range.getRows(); i++) {
                positions[rows] = range.getPosition() + i;
                phases[rows++] = phase(range.getPhase());
            }
        }
    }

    private static byte phase(Phase phase) {
        return (byte) (phase == null ? 0 : 1 + phase.ordinal());
    }

    /** What a phase is called in records, null for none. */
    static String phase(int number) {
        return number == 0 ? null : Phase.values()[number - 1].name();
    }

    /** The rows as the detector takes them, valid until this or another batch uses the values. */
    Activations activations() {
        int[] owners = new int[rows];
        int at = 0;
        for (int i = 0; i < pieces.size(); i++) {
            int count = pieces.get(i).source().rows(pieces.get(i).place());
            Arrays.fill(owners, at, at + count, i);
            at += count;
        }
        return Activations.lazy(taps, owners, this::values).after(this::before);
    }

    /** By piece the sums that its rows go into. */
    SampleSums[] sums() {
        return pieces.stream().map(each -> each.sample().sums()).toArray(SampleSums[]::new);
    }

    /** The sample of a piece. */
    OpenSample sample(int piece) {
        return pieces.get(piece).sample();
    }

    Scorer.Places places() {
        return new Scorer.Places(positions, phases);
    }

    private float[] values(int tap) {
        return taps.get(tap).ofSample() ? ofSamples(tap) : ofRows(tap);
    }

    /** A row for each piece: that of its sample in its snapshot, of zeros where there is none. */
    private float[] ofSamples(int tap) {
        int d = taps.get(tap).dimension();
        if (values[tap].length < pieces.size() * d) {
            values[tap] = new float[pieces.size() * d];
        }
        for (int i = 0; i < pieces.size(); i++) {
            SampleRows source = pieces.get(i).source();
            int row = source.ofSample(tap, pieces.get(i).place());
            if (row < 0) {
                Arrays.fill(values[tap], i * d, (i + 1) * d, 0);
            } else {
                DetectorLayers.toFloats(source.layer(tap), row, 1, values[tap], i * d);
            }
        }
        return values[tap];
    }

    private float[] ofRows(int tap) {
        int d = taps.get(tap).dimension();
        if (values[tap].length < rows * d) {
            values[tap] = Arrays.copyOf(values[tap], rows * d);
        }
        int at = 0;
        for (Piece piece : pieces) {
            SampleRows source = piece.source();
            int count = source.rows(piece.place());
            for (int i = 0; i < count; ) {
                int row = source.row(piece.place(), i);
                int run = run(source, piece.place(), i, count);
                DetectorLayers.toFloats(source.layer(tap), row, run, values[tap], at);
                at += run * d;
                i += run;
            }
        }
        return values[tap];
    }

    /** Rows of a sample from one on that lie one behind the other, as they mostly all do. */
    private static int run(SampleRows source, int place, int from, int count) {
        int first = source.row(place, from);
        int length = 1;
        while (from + length < count && source.row(place, from + length) == first + length) {
            length++;
        }
        return length;
    }

    /** The logits of the row before a piece, where its sample has one. */
    private float[] before(int piece) {
        int end = pieces.get(piece).before();
        return end > 0 ? logits(end) : pieces.get(piece).sample().sums().before();
    }

    private float[] logits(int end) {
        int d = taps.get(logits).dimension();
        return Arrays.copyOfRange(values[logits], (end - 1) * d, end * d);
    }

    /**
     * Lets go of the rows, which are scored.
     *
     * @param readsBefore whether the samples that go on must keep the logits of their last row
     */
    void clear(boolean readsBefore) {
        for (Piece piece : pieces) {
            OpenSample sample = piece.sample();
            if (readsBefore && sample.isOpen() && sample.waitingRows() > 0) {
                sample.sums().keep(logits(sample.waitingRows()));
            }
            sample.waits(0);
        }
        pieces.clear();
        rows = 0;
    }
}
