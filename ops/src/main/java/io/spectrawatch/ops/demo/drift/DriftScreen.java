package io.spectrawatch.ops.demo.drift;

import io.spectrawatch.flink.calibrate.InterfaceResult;
import io.spectrawatch.flink.calibrate.InterfaceResult.Status;
import io.spectrawatch.ops.demo.stack.DemoRequest;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The drift demo on the terminal: a line per pane with the drift score of every interface as a
 * shade, and the alerts between the lines.
 */
final class DriftScreen {

    /** From calm to far beyond the tolerated mean; a step doubles the score. */
    private static final String SHADES = " .:-=+*#%@";

    /** Where the first shade begins, as a share of the tolerated mean. */
    private static final double FAINTEST = 1.0 / 8;

    private final PrintWriter out;
    private final List<String> layers;

    /** Tolerated mean of the drift score, by interface. */
    private final Map<String, Double> tolerances = new LinkedHashMap<>();

    /**
     * @param layers the tapped tensors in the order of the chain
     */
    DriftScreen(PrintWriter out, List<String> layers) {
        this.out = out;
        this.layers = layers;
    }

    void say(String line) {
        out.println(line);
    }

    /**
     * @param baseline null if nothing is certified
     */
    void calibrated(List<InterfaceResult> interfaces, ModelBaseline baseline) {
        List<ModelInterface> certified = baseline == null ? List.of() : baseline.interfaces();
        for (ModelInterface each : certified) {
            tolerances.put(each.name(), each.certificate().options().driftTolerance());
        }
        out.printf(
                "  %-26s %-9s %9s %9s %9s %19s%n",
                "interface", "verdict", "certified", "radius", "pool rows", "score w/o change");
        for (InterfaceResult each : interfaces) {
            out.printf(
                    Locale.ROOT,
                    "  %-26s %-9s %7.1f %% %9.2g %,9d %10.4f of %.2g%n",
                    shorten(each.name()),
                    each.status().name().toLowerCase(Locale.ROOT),
                    100 * each.certifiedShare(),
                    each.radius(),
                    each.poolRows(),
                    each.driftMean(),
                    tolerances.getOrDefault(each.name(), 0.0));
            if (each.status() == Status.REFUSED || !each.driftRefusal().isEmpty()) {
                out.println("    " + (each.reason() == null ? each.driftRefusal() : each.reason()));
            }
        }
    }

    void header() {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i + 1 < layers.size(); i++) {
            names.append(i).append('>').append(i + 1).append(' ');
        }
        out.printf(
                "%n  window  %-20s %s  largest drift score (\"=\": the tolerated mean)%n",
                "the model reads", names);
    }

    /** A pane: per interface the certificate that ends with it, if any. */
    void window(long number, DriftStep step, List<List<InterfaceCertificate>> certificates) {
        StringBuilder shades = new StringBuilder();
        double largest = 0;
        boolean any = false;
        for (int i = 0; i < certificates.size(); i++) {
            List<InterfaceCertificate> each = certificates.get(i);
            String name = ModelInterface.name(layers.get(i), layers.get(i + 1));
            if (each.isEmpty() || !tolerances.containsKey(name)) {
                shades.append("    ");
            } else {
                CertificateFindings findings = each.get(each.size() - 1).getFindings();
                char shade = shade(findings.getDriftScore() / tolerances.get(name));
                shades.append(shade).append(shade).append(shade).append(' ');
                largest = Math.max(largest, findings.getDriftScore());
                any = true;
            }
        }
        if (any) {
            out.printf(
                    Locale.ROOT, "  %6d  %-20s %s  %.4f%n", number, step.input(), shades, largest);
        }
    }

    private static char shade(double ofTolerated) {
        double share = ofTolerated / FAINTEST;
        int step = share < 1 ? 0 : 1 + (int) (Math.log(share) / Math.log(2));
        return SHADES.charAt(Math.min(step, SHADES.length() - 1));
    }

    /** Transitions of one pane: kinds with their interfaces, then the first raised one's text. */
    void alerts(List<Alert> alerts) {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        Alert first = null;
        for (Alert alert : alerts) {
            boolean raised = alert.getTransition() == AlertTransition.RAISED;
            groups.computeIfAbsent(
                            (raised ? "    ! " : "    . ")
                                    + alert.getKind()
                                    + (raised ? " raised on " : " resolved on "),
                            g -> new ArrayList<>())
                    .add(shorten(alert.getPart()));
            if (raised && first == null) {
                first = alert;
            }
        }
        groups.forEach((what, where) -> out.println(what + String.join(", ", where)));
        if (first != null) {
            out.println("      " + shorten(first.getText()));
            for (SampleExample each : first.getExamples()) {
                String where = DemoRequest.text(each.getContext(), each.getSpeaking());
                out.println("      " + each.getSampleId() + ": " + where);
            }
        }
    }

    void end(DriftReport report) {
        out.printf(
                "%n  %-15s %7s %12s  %-34s %s%n",
                "phase", "windows", "certificates", "alerts raised (named)", "promised");
        report.phases()
                .forEach(
                        (name, phase) ->
                                out.printf(
                                        "  %-15s %7d %12d  %-34s %s: %s%n",
                                        name,
                                        phase.windows(),
                                        phase.certificates(),
                                        phase.alerts().isEmpty()
                                                ? "none"
                                                : raised(phase) + " " + phase.causes().keySet(),
                                        phase.promise(),
                                        phase.asPromised() ? "kept" : "NOT KEPT"));
    }

    private static String raised(DriftReport.Phase phase) {
        return Integer.toString(phase.alerts().values().stream().mapToInt(i -> i).sum());
    }

    /** Tensors by their place in the model. */
    private String shorten(String text) {
        String shorter = text.replace("->", " -> ");
        for (int i = 0; i < layers.size(); i++) {
            shorter = shorter.replace(layers.get(i), i == 0 ? "embeddings" : "block " + i);
        }
        return shorter;
    }
}
