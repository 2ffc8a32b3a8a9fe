package io.spectrawatch.spectral.certificate.alert;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.spectral.sequential.EvidenceOptions;
import io.spectrawatch.spectral.sequential.Horizon;
import org.junit.jupiter.api.Test;

class AlertKindTest {

    private static final EvidenceOptions ANYTIME = EvidenceOptions.defaults();

    /** A run-length test alarms in the end: no alert of its may promise a probability. */
    @Test
    void whatAnAlertPromisesFollowsTheHorizonOfItsTest() {
        for (AlertKind kind :
                new AlertKind[] {AlertKind.CERTIFICATE_DRIFT, AlertKind.SPECTRUM_DRIFT}) {
            String ever = kind.guarantee(ANYTIME);
            String often = kind.guarantee(ANYTIME.withHorizon(Horizon.RUN_LENGTH));
            assertTrue(ever.startsWith("while ") && ever.endsWith("is at most alpha"), ever);
            assertTrue(
                    often.startsWith("while ") && often.contains("at least 1/alpha pools"), often);
            assertFalse(often.contains("probability"), often);
        }
    }

    @Test
    void kindsWithoutATestPromiseNoProbability() {
        for (AlertKind kind :
                new AlertKind[] {AlertKind.STRUCTURE_CHANGED, AlertKind.CERTIFICATE_LOST}) {
            String said = kind.guarantee(null);
            assertFalse(said.contains("probability"), said);
        }
    }
}
