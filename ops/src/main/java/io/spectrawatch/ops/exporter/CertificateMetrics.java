package io.spectrawatch.ops.exporter;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.CertificateStatus;
import io.spectrawatch.schemas.ErrorTerms;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.SpectrumChart;
import io.spectrawatch.schemas.TestEvidence;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The newest certificate of every interface as gauges, each number with its bound beside it. */
final class CertificateMetrics extends Collector {

    private static final String PREFIX = "spectrawatch_certificate_";

    private final LabelLimit interfaces;
    private final Map<List<String>, InterfaceCertificate> newest =
            new TreeMap<>(GaugeFamilies.LABEL_ORDER);
    private final Counter certificates =
            Counter.build(
                            "spectrawatch_certificates_total",
                            "Certificates, refused ones included, by status.")
                    .labelNames("model", "version", "interface", "status")
                    .create();

    /**
     * @param mostInterfaces interfaces shown at most
     * @param dropped counts the certificates of further ones
     */
    CertificateMetrics(int mostInterfaces, Counter.Child dropped) {
        this.interfaces = new LabelLimit(mostInterfaces, dropped);
    }

    void registerAt(CollectorRegistry registry) {
        register(registry);
        certificates.register(registry);
    }

    /** Shows the certificate, and counts it. */
    synchronized void accept(InterfaceCertificate certificate) {
        show(certificate);
        if (interfaces.admits(labels(certificate))) {
            counter(certificate).inc();
        }
    }

    private static List<String> labels(InterfaceCertificate certificate) {
        return List.of(
                ModelLabel.of(certificate.getModelId(), certificate.getSegment()),
                certificate.getModelVersion(),
                certificate.getInterfaceName());
    }

    private Counter.Child counter(InterfaceCertificate certificate) {
        return certificates.labels(
                ModelLabel.of(certificate.getModelId(), certificate.getSegment()),
                certificate.getModelVersion(),
                certificate.getInterfaceName(),
                name(certificate.getStatus()));
    }

    /** Shows a certificate that an exporter before this one has counted. */
    synchronized void show(InterfaceCertificate certificate) {
        List<String> labels = labels(certificate);
        if (interfaces.shows(labels)) {
            counter(certificate);
            newest.merge(labels, certificate, (a, b) -> b.getPaneEnd() >= a.getPaneEnd() ? b : a);
        }
    }

    @Override
    public synchronized List<MetricFamilySamples> collect() {
        GaugeFamilies families = new GaugeFamilies("model", "version", "interface");
        newest.forEach(
                (labels, certificate) -> {
                    describe(families, labels, certificate);
                    for (TestEvidence test : certificate.getEvidence()) {
                        describe(families, labels, test);
                    }
                    if (certificate.getFindings() != null) {
                        describeMargins(families, labels, certificate.getFindings());
                        describeElements(families, labels, certificate.getFindings());
                        describeRotations(families, labels, certificate.getFindings());
                    }
                });
        return families.list();
    }

    private static void describe(
            GaugeFamilies families, List<String> labels, InterfaceCertificate certificate) {
        for (CertificateStatus status : CertificateStatus.values()) {
            families.add(
                    PREFIX + "status",
                    "1 for the status of the newest certificate, 0 for the others.",
                    labels,
                    Map.of("status", name(status)),
                    certificate.getStatus() == status ? 1 : 0);
        }
        families.add(
                PREFIX + "rows",
                "Rows behind the newest certificate.",
                labels,
                certificate.getRows());
        families.add(
                PREFIX + "pane_end_timestamp_seconds",
                "End of the newest certificate's last pane, seconds since the epoch.",
                labels,
                certificate.getPaneEnd() / 1e6);
    }

    private static void describe(GaugeFamilies families, List<String> labels, TestEvidence test) {
        Map<String, String> label = Map.of("test", test.getTest());
        if (test.getLogEvidence() != null) {
            families.add(
                    PREFIX + "evidence",
                    "Natural logarithm of the test's evidence of drift; alarms at _threshold.",
                    labels,
                    label,
                    test.getLogEvidence());
        }
        families.add(
                PREFIX + "evidence_threshold",
                "Logarithm of the evidence at which the test's present epoch alarms.",
                labels,
                label,
                test.getLogThreshold());
    }

    private static void describeMargins(
            GaugeFamilies families, List<String> labels, CertificateFindings findings) {
        if (findings.getRadius() != null) {
            families.add(
                    PREFIX + "radius",
                    "Static radius: these rows' structure is certain while _error is below it.",
                    labels,
                    findings.getRadius());
        }
        ErrorTerms error = findings.getEpsilon();
        Map<String, Double> terms =
                Map.of(
                        "sketch", error.getSketch(),
                        "truncation", error.getTruncation(),
                        "roundoff", error.getRoundoff(),
                        "sampling", error.getSampling());
        new TreeMap<>(terms)
                .forEach(
                        (term, value) ->
                                families.add(
                                        PREFIX + "error",
                                        "Error budget, term by term, in the unit of the radius.",
                                        labels,
                                        Map.of("term", term),
                                        value));
        families.add(
                PREFIX + "utilisation",
                "Share of the baseline's radius consumed for sure; at most _utilisation_upper.",
                labels,
                findings.getUtilisation());
        families.add(
                PREFIX + "utilisation_upper",
                "Upper bound of the share of the radius consumed; below 1 no certified element of"
                        + " these rows has changed.",
                labels,
                findings.getUtilisationUpper());
        families.add(
                PREFIX + "margin_consumption",
                "Mean share of the margins consumed, within _margin_consumption_error.",
                labels,
                findings.getMarginConsumption().getMean());
        families.add(
                PREFIX + "margin_consumption_error",
                "Bound on the error of the margin consumption.",
                labels,
                findings.getMarginConsumption().getError());
    }

    private static void describeElements(
            GaugeFamilies families, List<String> labels, CertificateFindings findings) {
        Map<String, Integer> elements =
                Map.of(
                        "same", findings.getSame(),
                        "changed", findings.getChanged(),
                        "unresolved", findings.getUnresolved(),
                        "uncertified", findings.getUncertified());
        new TreeMap<>(elements)
                .forEach(
                        (verdict, count) ->
                                families.add(
                                        PREFIX + "elements",
                                        "Elements of the structure by verdict.",
                                        labels,
                                        Map.of("verdict", verdict),
                                        count));
        families.add(
                PREFIX + "resolved_ratio",
                "Share of the certified elements that are resolved.",
                labels,
                findings.getResolvedRatio());
        String escape = "Share of a layer's energy outside its window, exact up to rounding.";
        families.add(
                PREFIX + "escape_ratio",
                escape,
                labels,
                Map.of("side", "x"),
                findings.getEscapeX());
        families.add(
                PREFIX + "escape_ratio",
                escape,
                labels,
                Map.of("side", "y"),
                findings.getEscapeY());
    }

    private static void describeRotations(
            GaugeFamilies families, List<String> labels, CertificateFindings findings) {
        for (SpectrumChart chart : findings.getCharts()) {
            if (!chart.getSines().isEmpty()) {
                Map<String, String> layer = Map.of("layer", chart.getLayer());
                families.add(
                        PREFIX + "rotation_sine",
                        "Sine of the largest principal angle, inside the frozen window, between the"
                                + " leading directions now and in the reference; within"
                                + " _rotation_sine_error.",
                        labels,
                        layer,
                        chart.getSines().stream().mapToDouble(Double::doubleValue).max().orElse(0));
                families.add(
                        PREFIX + "rotation_sine_error",
                        "Bound on the error of that sine; 1 says nothing.",
                        labels,
                        layer,
                        chart.getSineError());
            }
        }
    }

    private static String name(CertificateStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
