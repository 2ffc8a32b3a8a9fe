package io.spectrawatch.spectral.examples;

import io.spectrawatch.spectral.RowSketch;
import io.spectrawatch.spectral.descriptor.CertifiedValue;
import java.util.List;

/** Sketches the rows of two machines and reads what is certain about them together. */
final class CertifiedRank {
    static CertifiedValue of(List<float[]> here, List<float[]> there, int dimension) {
        byte[] sent;
        try (RowSketch sketch = RowSketch.open(dimension)) {
            there.forEach(sketch::add);
            sent = sketch.toBytes();
        }
        try (RowSketch sketch = RowSketch.open(dimension);
                RowSketch received = RowSketch.fromBytes(sent)) {
            here.forEach(sketch::add);
            sketch.merge(received);
            for (CertifiedValue value : sketch.descriptors()) {
                System.out.printf(
                        "%s: %.4g, certainly from %.4g to %.4g%n",
                        value.name(), value.estimate(), value.lower(), value.upper());
            }
            return sketch.descriptors().stream()
                    .filter(value -> value.name().equals("effective_rank"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
