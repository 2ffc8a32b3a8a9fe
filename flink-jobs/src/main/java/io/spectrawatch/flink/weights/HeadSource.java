package io.spectrawatch.flink.weights;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.spectral.detect.input.Head;
import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;

/** Where a calibration gets the weights of a model's last linear layer. */
public interface HeadSource extends Serializable {

    /**
     * Returns the head of a model, empty if nobody has published it.
     *
     * @throws IOException if what was published is damaged or of other weights than the model's
     */
    Optional<Head> load(ModelKey model) throws IOException;
}
