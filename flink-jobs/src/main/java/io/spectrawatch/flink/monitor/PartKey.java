package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.BinaryReader;
import io.spectrawatch.flink.log.BinaryWriter;
import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.schemas.Topics;
import java.util.Comparator;

/**
 * A layer of a model, the unit that is sketched and merged.
 *
 * <p>A layer is the same by its name and width. Its index is where it stood in the snapshot that
 * brought it into the pane; other layers tapped beside it may give it another one, so what is
 * looked up or merged goes by {@link Name}.
 */
record PartKey(ModelKey model, int index, String layer, int columns)
        implements Comparable<PartKey> {

    /** What makes rows of a model rows of the same layer. */
    record Name(String layer, int columns) {}

    private static final Comparator<PartKey> ORDER =
            Comparator.comparing(PartKey::model)
                    .thenComparingInt(PartKey::index)
                    .thenComparing(PartKey::layer)
                    .thenComparingInt(PartKey::columns);

    Name name() {
        return new Name(layer, columns);
    }

    /** Key of the part's records, {@code model/version/layer}. */
    String topicKey() {
        return Topics.key(model.model(), model.version(), layer);
    }

    BinaryWriter write(BinaryWriter out) {
        return model.write(out).int32(index).text(layer).int32(columns);
    }

    static PartKey read(BinaryReader in) {
        PartKey part = new PartKey(ModelKey.read(in), in.int32(), in.required(), in.int32());
        in.require(
                part.index >= 0 && part.columns > 0,
                "an index from 0 and columns from 1",
                part.index + ", " + part.columns);
        return part;
    }

    @Override
    public int compareTo(PartKey other) {
        return ORDER.compare(this, other);
    }
}
