package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.calibrate.InterfaceResult.Status;
import java.util.Map;
import java.util.TreeMap;

/** What a baseline's entry tells people about it. */
final class Summary {

    private Summary() {}

    static Map<String, String> of(CalibrationResult result) {
        Map<String, String> summary = new TreeMap<>();
        summary.put("layers", Integer.toString(result.baseline().layers().size()));
        summary.put("interfaces", Integer.toString(result.baseline().interfaces().size()));
        summary.put("splitSeed", Long.toString(result.baseline().provenance().splitSeed()));
        summary.put(
                "detector",
                result.detector().accepted()
                        ? "fitted on " + result.detector().samples() + " samples"
                        : "REFUSED: " + result.detector().refusal());
        if (result.detector().head() != null) {
            summary.put("head", result.detector().head());
        }
        result.detector().leftOut().forEach((name, why) -> summary.put("left out " + name, why));
        for (InterfaceResult each : result.interfaces()) {
            summary.put("interface " + each.name(), text(each));
        }
        return summary;
    }

    private static String text(InterfaceResult each) {
        return each.status() == Status.REFUSED
                ? "REFUSED: " + each.reason()
                : each.status()
                        + ", radius "
                        + each.radius()
                        + ", certified "
                        + each.certified()
                        + " of "
                        + each.elements()
                        + ", pooled rows "
                        + each.poolRows();
    }
}
