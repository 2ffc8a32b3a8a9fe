package io.spectrawatch.ops.cli;

import io.spectrawatch.ingest.capture.LayerLosses;
import io.spectrawatch.schemas.ElementType;
import java.util.Locale;

/** What to tell about values of a layer that ingest is going to refuse. */
final class CaptureWarning {

    private CaptureWarning() {}

    static String of(LayerLosses layer, ElementType type) {
        StringBuilder text = new StringBuilder("warning: layer ").append(layer.layer());
        String separator = ": ";
        if (layer.overflows() > 0) {
            text.append(separator)
                    .append(share(layer.overflows(), layer.values()))
                    .append(" are beyond ")
                    .append(type)
                    .append(
                            type == ElementType.FLOAT16
                                    ? " and its 65504; use --element-type BFLOAT16 or FLOAT32"
                                    : "; use --element-type FLOAT32");
            separator = "; ";
        }
        if (layer.notFinite() > 0) {
            text.append(separator)
                    .append(share(layer.notFinite(), layer.values()))
                    .append(" come infinite or as no number out of the model");
        }
        return text.append("; ingest refuses their snapshots as NOT_FINITE").toString();
    }

    private static String share(long count, long of) {
        return String.format(
                Locale.ROOT, "%,d of %,d values (%.3g %%)", count, of, 100.0 * count / of);
    }
}
