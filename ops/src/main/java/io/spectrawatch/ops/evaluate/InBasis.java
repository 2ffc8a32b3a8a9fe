package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.basis.InputBasis;
import io.spectrawatch.spectral.detect.input.Activations;
import io.spectrawatch.spectral.detect.input.Tap;
import io.spectrawatch.spectral.detect.input.TapRole;
import java.util.ArrayList;
import java.util.List;

/** The input of a model as taps publish it where they are given a basis. */
final class InBasis {
    private InBasis() {}

    /**
     * Returns the rows with the input as coordinates.
     *
     * @throws IllegalArgumentException if the input is not among the layers or has other columns
     */
    static Activations of(Activations rows, InputBasis basis) {
        int input = rows.indexOf(TapRole.INPUT);
        if (input < 0) {
            throw new IllegalArgumentException(
                    "basis: the model's input among the layers required, found " + rows.taps());
        }
        List<Tap> taps = new ArrayList<>(rows.taps());
        float[][] values = new float[taps.size()][];
        for (int t = 0; t < values.length; t++) {
            values[t] = rows.values(t);
        }
        Tap raw = taps.get(input);
        values[input] = basis.coordinates(values[input], raw.dimension());
        taps.set(input, new Tap(raw.name(), raw.role(), basis.published()));
        return Activations.of(taps, values);
    }
}
