package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Comparator;

/**
 * A layer of a model, the unit that is sketched and merged.
 *
 * <p>A layer is the same by its name and width. Its index is where it stood in the snapshot that
 * brought it into the pane; other layers tapped beside it may give it another one, so what is
 * looked up or merged goes by {@link Name}.
 */
public record LayerId(ModelKey model, int index, String layer, int columns)
        implements Comparable<LayerId> {

    /** What makes rows of a model rows of the same layer. */
    public record Name(String layer, int columns) {}

    private static final Comparator<LayerId> ORDER =
            Comparator.comparing(LayerId::model)
                    .thenComparingInt(LayerId::index)
                    .thenComparing(LayerId::layer)
                    .thenComparingInt(LayerId::columns);

    public Name name() {
        return new Name(layer, columns);
    }

    /** Key of the part's records, {@code model/version/layer}, with the model's segment. */
    public String topicKey() {
        return model.topicKey(layer);
    }

    public ByteWriter write(ByteWriter out) {
        return model.write(out).int32(index).text(layer).int32(columns);
    }

    public static LayerId read(ByteReader in) {
        LayerId part = new LayerId(ModelKey.read(in), in.int32(), in.requiredText(), in.int32());
        in.require(
                part.index >= 0 && part.columns > 0,
                "an index from 0 and columns from 1",
                part.index + ", " + part.columns);
        return part;
    }

    @Override
    public int compareTo(LayerId other) {
        return ORDER.compare(this, other);
    }
}
