package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.ops.faults.Outputs.Output;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Wire;
import java.util.List;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/**
 * Compares what two machines publish over the same input: the same records about the same rows, and
 * spectra that agree up to rounding, because kernels round differently on other processors.
 */
final class Findings {

    /**
     * Relative to the largest eigenvalue, or to a statistic; precision leaves three digits more.
     */
    private static final double ROUNDING = 1e-9;

    private Findings() {}

    static void assertEquivalent(List<Output> expected, List<Output> found) {
        TreeMap<String, SpecificRecord> left = byIdentity(expected);
        TreeMap<String, SpecificRecord> right = byIdentity(found);
        assertEquals(left.keySet(), right.keySet());
        left.forEach(
                (identity, record) -> {
                    if (record instanceof LayerSketch sketch) {
                        assertClose(sketch, (LayerSketch) right.get(identity), identity);
                    } else if (record instanceof SampleScores scores) {
                        assertClose(scores, (SampleScores) right.get(identity), identity);
                    }
                });
    }

    /** Whether a record is about one sample. */
    static boolean isOfSample(Output output) {
        return Wire.decode(output.value().array()) instanceof SampleScores;
    }

    private static TreeMap<String, SpecificRecord> byIdentity(List<Output> outputs) {
        TreeMap<String, SpecificRecord> records = new TreeMap<>();
        for (Output output : outputs) {
            SpecificRecord record = Wire.decode(output.value().array());
            String identity = identity(record);
            if (identity != null) {
                assertEquals(null, records.put(identity, record), "twice: " + identity);
            }
        }
        return records;
    }

    private static String identity(SpecificRecord record) {
        if (record instanceof LayerSketch sketch) {
            return String.join(
                    " ",
                    sketch.getLayer(),
                    Long.toString(sketch.getPaneEnd()),
                    sketch.getAlgorithm(),
                    Long.toString(sketch.getRows()),
                    input(sketch.getManifest()));
        }
        if (record instanceof InterfaceCertificate certificate) {
            return String.join(
                    " ",
                    certificate.getInterfaceName(),
                    Long.toString(certificate.getPaneEnd()),
                    certificate.getStatus().name(),
                    Long.toString(certificate.getRows()));
        }
        if (record instanceof Alert alert) {
            return String.join(
                    " ",
                    alert.getKind(),
                    alert.getPart(),
                    alert.getEvidence().get("client"),
                    alert.getTransition().name(),
                    Long.toString(alert.getPaneEnd()));
        }
        if (record instanceof SampleScores scores) {
            return String.join(" ", scores.getSampleId(), scores.getKind(), scores.getNearest());
        }
        if (record instanceof AttackEvidence step) {
            return String.join(
                    " ",
                    "attack",
                    Long.toString(step.getPaneEnd()),
                    Long.toString(step.getSamples()),
                    Long.toString(step.getExceedances()));
        }
        if (record instanceof GainGrowth growth) {
            return String.join(
                    " ",
                    "growth",
                    Long.toString(growth.getPaneEnd()),
                    Long.toString(growth.getRows()),
                    Long.toString(growth.getOutside()));
        }
        return null; // pieces of sketches
    }

    private static String input(Manifest manifest) {
        return manifest.getBaselineId() + " " + manifest.getShards();
    }

    private static void assertClose(SampleScores expected, SampleScores found, String what) {
        assertEquals(expected.getScores().keySet(), found.getScores().keySet(), what);
        double statistic = expected.getStatistic();
        assertEquals(statistic, found.getStatistic(), ROUNDING * Math.abs(statistic), what);
    }

    private static void assertClose(LayerSketch expected, LayerSketch found, String what) {
        List<Double> left = expected.getSpectrum();
        List<Double> right = found.getSpectrum();
        assertEquals(left.size(), right.size(), what);
        for (int i = 0; i < left.size(); i++) {
            assertEquals(left.get(i), right.get(i), ROUNDING * left.get(0), what);
        }
    }
}
