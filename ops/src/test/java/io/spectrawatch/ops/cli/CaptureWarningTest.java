package io.spectrawatch.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.ingest.capture.LayerLosses;
import io.spectrawatch.schemas.ElementType;
import org.junit.jupiter.api.Test;

class CaptureWarningTest {

    @Test
    void theLayerTheShareAndTheMendAreNamed() {
        assertEquals(
                "warning: layer r1: 3 of 12,000 values (0.0250 %) are beyond FLOAT16 and its 65504;"
                        + " use --element-type BFLOAT16 or FLOAT32; ingest refuses their snapshots"
                        + " as NOT_FINITE",
                CaptureWarning.of(new LayerLosses("r1", 12_000, 3, 0), ElementType.FLOAT16));
        assertEquals(
                "warning: layer r1: 6 of 12 values (50.0 %) are beyond BFLOAT16; use --element-type"
                        + " FLOAT32; 3 of 12 values (25.0 %) come infinite or as no number out of"
                        + " the model; ingest refuses their snapshots as NOT_FINITE",
                CaptureWarning.of(new LayerLosses("r1", 12, 6, 3), ElementType.BFLOAT16));
    }
}
