package io.spectrawatch.spectral.certificate.alert;

import io.spectrawatch.spectral.certificate.Attribution;
import io.spectrawatch.spectral.certificate.InterfaceCertificate;
import io.spectrawatch.spectral.certificate.structure.ElementComparison;
import io.spectrawatch.spectral.sequential.Evidence;
import java.util.Locale;

/** What alerts tell people. */
final class AlertText {
    private AlertText() {}

    static String of(
            AlertKind kind,
            boolean raised,
            InterfaceCertificate certificate,
            Attribution attribution,
            Evidence test) {
        String where = "interface " + certificate.interfaceName() + ": ";
        if (!raised) {
            return where + kind + " resolved, the last panes were calm (no probability attached)";
        }
        InterfaceCertificate.Findings findings = certificate.findings();
        String cause = findings == null ? "" : "; " + attribution.text();
        return where
                + switch (kind) {
                    case STRUCTURE_CHANGED ->
                            findings.comparison().changed()
                                    + " certified elements of the alignment matrix changed"
                                    + example(findings.comparison())
                                    + cause;
                    case CERTIFICATE_LOST ->
                            "structure unknown, not changed: "
                                    + (findings == null
                                            ? certificate.reason()
                                            : findings.comparison().unresolved()
                                                    + " certified elements are within the error"
                                                    + " budget");
                    case CERTIFICATE_DRIFT ->
                            "margins are systematically consumed ("
                                    + evidence(test)
                                    + ", mean consumption "
                                    + number(findings.comparison().consumption().mean())
                                    + ")"
                                    + cause;
                    case SPECTRUM_DRIFT ->
                            "the window spectra have moved (" + evidence(test) + ")" + cause;
                };
    }

    private static String evidence(Evidence test) {
        return "log evidence "
                + number(test.logEvidence())
                + " at threshold "
                + number(test.logThreshold())
                + ", epoch "
                + test.epoch();
    }

    private static String example(ElementComparison comparison) {
        if (comparison.changes().isEmpty()) {
            return "";
        }
        ElementComparison.Change change = comparison.changes().get(0);
        String now = change.present() ? "appeared" : "disappeared";
        return change.kind() == ElementComparison.Kind.ACTIVITY
                ? ", first: column " + change.column() + " of group " + change.group() + " " + now
                : ", first: edge " + change.group() + "-" + change.other() + " " + now;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
