package io.spectrawatch.flink.calibrate.window;

import io.spectrawatch.flink.calibrate.stage.Slots;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.io.Serializable;
import java.util.Comparator;

/** A layer of the calibrated model; place and width belong to its identity. */
public record LayerKey(int index, String name, int columns)
        implements Comparable<LayerKey>, Serializable {

    private static final long serialVersionUID = 1L;

    private static final Comparator<LayerKey> ORDER =
            Comparator.comparingInt(LayerKey::index)
                    .thenComparing(LayerKey::name)
                    .thenComparingInt(LayerKey::columns);

    /** Merge slot of the layer in a model. */
    int slot(ModelKey model) {
        return Slots.of(model.model() + '/' + model.version() + '/' + name);
    }

    ByteWriter write(ByteWriter out) {
        return out.int32(index).text(name).int32(columns);
    }

    static LayerKey read(ByteReader in) {
        return new LayerKey(in.int32(), in.optionalText(), in.int32());
    }

    @Override
    public int compareTo(LayerKey other) {
        return ORDER.compare(this, other);
    }
}
