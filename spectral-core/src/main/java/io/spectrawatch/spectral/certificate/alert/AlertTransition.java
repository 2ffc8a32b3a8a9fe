package io.spectrawatch.spectral.certificate.alert;

import io.spectrawatch.spectral.certificate.Attribution;
import io.spectrawatch.spectral.certificate.InterfaceCertificate;

/**
 * An alert raised or resolved, with its evidence.
 *
 * @param kind what it says
 * @param raised true when raised, false when resolved
 * @param interfaceName the interface
 * @param baselineId what it is relative to
 * @param attribution input or mechanism
 * @param statistic value of the kind's statistic
 * @param threshold what it was compared with
 * @param guarantee what is guaranteed about alerts of the kind, in words
 * @param epoch epoch of the kind's test, 0 without a test
 * @param certificate the certificate of the pane
 * @param stateBefore digest of the alert state before the pane
 * @param stateAfter digest after it
 * @param text what to tell people
 */
public record AlertTransition(
        AlertKind kind,
        boolean raised,
        String interfaceName,
        String baselineId,
        Attribution attribution,
        double statistic,
        double threshold,
        String guarantee,
        int epoch,
        InterfaceCertificate certificate,
        String stateBefore,
        String stateAfter,
        String text) {}
