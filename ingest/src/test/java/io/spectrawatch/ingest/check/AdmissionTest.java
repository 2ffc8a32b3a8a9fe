package io.spectrawatch.ingest.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ingest.topology.Snapshots;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.RejectionReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final long HOUR = 3_600_000_000L;

    private final Admission admission =
            new Admission(
                    IngestConfig.fromMap(
                            Map.of(
                                    "limit.snapshot.columns", "5",
                                    "limit.capture.models", "3",
                                    "limit.models", "6",
                                    "dedup.captures", "4")));

    private static ActivationSnapshot of(String capture, String model, String version) {
        return Snapshots.valid()
                .setCaptureId(capture)
                .setModelId(model)
                .setModelVersion(version)
                .build();
    }

    private RejectionReason refusal(ActivationSnapshot snapshot, long at, String text) {
        Refused refused = assertThrows(Refused.class, () -> admission.admit(snapshot, at));
        assertTrue(refused.getMessage().contains(text), refused.getMessage());
        return refused.reason();
    }

    @Test
    void columnsOfAllLayersTogether() throws Refused {
        admission.admit(of("c", "m", "1"), 0);
        ActivationSnapshot wide =
                Snapshots.valid()
                        .setLayers(
                                List.of(
                                        Snapshots.tokens().build(),
                                        Snapshots.pooled().setColumns(4).build()))
                        .build();
        assertEquals(
                RejectionReason.TOO_LARGE,
                refusal(wide, 0, "5 columns together (limit.snapshot.columns), found 6"));
    }

    @Test
    void aCaptureIdThatMakesModelsUpIsRefusedAndOthersAreNot() throws Refused {
        for (int version = 0; version < 3; version++) {
            admission.admit(of("hostile", "m", "v" + version), version);
        }
        for (int version = 3; version < 100; version++) {
            assertEquals(
                    RejectionReason.INVALID_FIELD,
                    refusal(
                            of("hostile", "m", "v" + version),
                            version,
                            "a captureId may send 3 model versions"));
            admission.admit(of("rightful", "own", "1"), version);
        }
        // Those it has go on, and after an hour others take their place.
        admission.admit(of("hostile", "m", "v0"), HOUR);
        admission.admit(of("hostile", "m", "later"), HOUR + 10);
    }

    @Test
    void everNewCaptureIdsDoNotTakeThePlacesOfModelsThatSend() throws Refused {
        int admitted = 0;
        for (int i = 0; i < 1000; i++) {
            admission.admit(of("rightful", "own", "1"), i);
            try {
                admission.admit(of("hostile-" + i, "made up " + i, "1"), i);
                admitted++;
            } catch (Refused refused) {
                assertTrue(refused.getMessage().contains("a shard may send 6 model versions"));
            }
        }
        assertEquals(5, admitted);
    }
}
