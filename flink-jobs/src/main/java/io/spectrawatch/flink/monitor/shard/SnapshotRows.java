package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RowMap;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of one snapshot on their way into the blocks of their layers, each once. Layers that
 * carry the same rows and are linked by interfaces enter in step, piece by piece, and whoever reads
 * their blocks is told before a full one is sketched; then the others enter, each by itself.
 */
final class SnapshotRows {

    private List<Layer> layers = List.of();
    private RowMap map;

    /** Where the rows of each layer go; null where there are none, or once they are in. */
    private OpenLayer[] targets = {};

    /** Begins with a snapshot of which nothing has a target yet. */
    void begin(ActivationSnapshot snapshot, RowMap whose) {
        layers = snapshot.getLayers();
        map = whose;
        if (targets.length < layers.size()) {
            targets = new OpenLayer[layers.size()];
        }
    }

    int size() {
        return layers.size();
    }

    Layer layer(int i) {
        return layers.get(i);
    }

    /** Whose rows are. */
    RowMap map() {
        return map;
    }

    /** Where the rows of a layer go; null if they do not or have. */
    OpenLayer target(int i) {
        return targets[i];
    }

    /** Says where the rows of a layer go. */
    void to(int i, OpenLayer target) {
        targets[i] = target;
    }

    /** Enters the rows of layers that an interface of a group joins, and that carry the same. */
    void enter(PairedLayers group) {
        Strands strands = group.strands();
        for (int each = 0; each < strands.count(); each++) {
            if (strands.joins(each)) {
                group.bind(this, each);
                enterInStep(group, each);
            }
        }
        if (strands.count() > 0 && !strands.isWhole()) {
            // The layers that pair with none go on by themselves, and their blocks fall out of
            // step.
            group.readPending();
        }
    }

    private void enterInStep(PairedLayers group, int strand) {
        Strands strands = group.strands();
        int rows = rows(strands, strand);
        int entered = 0;
        while (entered < rows) {
            int room = room(strands, strand);
            int piece = Math.min(Math.min(rows - entered, room), group.room());
            group.expect(entered, piece);
            boolean due = piece == room || group.room() == 0;
            for (int i = 0; i < strands.layers(); i++) {
                if (strands.has(strand, i)) {
                    OpenLayer target = targets[strands.at(i)];
                    target.append(layers.get(strands.at(i)), entered, piece);
                    if (due) {
                        // One after the other, while the rows are in the cache: converted once.
                        group.read(i);
                        target.sketchIfFull();
                    }
                }
            }
            if (due) {
                group.takeMoments();
            }
            entered += piece;
        }
        for (int i = 0; i < strands.layers(); i++) {
            if (strands.has(strand, i)) {
                targets[strands.at(i)] = null;
            }
        }
    }

    private int rows(Strands strands, int strand) {
        int i = 0;
        while (!strands.has(strand, i)) {
            i++;
        }
        return layers.get(strands.at(i)).getRows();
    }

    /** Rows until the first block of a strand is full. */
    private int room(Strands strands, int strand) {
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < strands.layers(); i++) {
            if (strands.has(strand, i)) {
                least = Math.min(least, targets[strands.at(i)].room());
            }
        }
        return least;
    }

    /** Enters what has not entered in step, and lets go of the snapshot. */
    void enterOthers() {
        for (int i = 0; i < layers.size(); i++) {
            if (targets[i] != null) {
                targets[i].append(layers.get(i));
            }
        }
        Arrays.fill(targets, null);
        layers = List.of();
        map = null;
    }
}
