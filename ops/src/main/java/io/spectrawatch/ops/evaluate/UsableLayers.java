package io.spectrawatch.ops.evaluate;

import ai.onnxruntime.OrtException;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.onnx.OnnxFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which of the layers that nobody named give finite rows, one for each input. */
final class UsableLayers {

    private UsableLayers() {}

    /**
     * Runs the model once for each layer.
     *
     * @param without takes the others, with the reason
     * @return in the order given, maybe none
     * @throws OrtException if ONNX Runtime refuses the model
     */
    static List<String> of(
            OnnxFile model,
            List<String> layers,
            boolean pool,
            NpyArray reference,
            Map<String, String> without)
            throws OrtException {
        List<String> usable = new ArrayList<>();
        for (String layer : layers) {
            try (FeatureExtractor extractor =
                    FeatureExtractor.open(model, List.of(layer), null, pool)) {
                extractor.run(reference, "reference");
                usable.add(layer);
            } catch (IllegalArgumentException e) {
                without.put("layer " + layer, e.getMessage());
            }
        }
        return usable;
    }
}
