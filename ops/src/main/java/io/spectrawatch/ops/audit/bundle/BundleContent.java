package io.spectrawatch.ops.audit.bundle;

import io.spectrawatch.ops.audit.compare.Altered;
import io.spectrawatch.ops.audit.compare.CutRules;
import io.spectrawatch.ops.audit.compare.ReplayComparison;
import io.spectrawatch.ops.audit.record.CutSamples;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.record.LogPlan;
import io.spectrawatch.ops.audit.record.Reach;
import io.spectrawatch.ops.audit.record.Scope;
import io.spectrawatch.ops.audit.rule.CountRules;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.NumericConfig;
import io.spectrawatch.schemas.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that an audit has to show: what was asked, what both sides hold, how they compare.
 *
 * @param baseline another baseline that was asked about, or null
 * @param plan what was replayed, and what is missing
 * @param reach which records could be recomputed
 * @param settings settings of the job, as recorded
 * @param recorded records of the range
 * @param recomputed the same, empty where nothing could be replayed
 * @param cut samples that the replayed offsets do not hold as a whole
 */
public record BundleContent(
        Scope scope,
        String baseline,
        Map<String, String> settings,
        LogPlan plan,
        Reach reach,
        List<Entry> recorded,
        List<Entry> recomputed,
        ReplayComparison comparison,
        List<Altered> altered,
        CutSamples cut) {

    public ReplayVerdict verdict() {
        ReplayVerdict compared = comparison.verdict();
        return plan.missing().isEmpty() ? compared : compared.worse(ReplayVerdict.INCOMPLETE);
    }

    /** What of the range is not compared, in words; empty where all of it is. */
    public List<String> notCompared() {
        List<String> said = new ArrayList<>(reach.notCompared(scope));
        long uncounted = comparison.findings().stream().filter(CountRules::isUncounted).count();
        if (uncounted > 0) {
            said.add(
                    "refused and late records of "
                            + uncounted
                            + " records, whose panes were open when the monitor began to count");
        }
        long cutRecords = comparison.findings().stream().filter(CutRules::isCut).count();
        if (cutRecords > 0) {
            said.add(cutRecords + " records of samples that began before the replayed panes");
        }
        return said;
    }

    /** Names of the arithmetic of one side, as its manifests say. */
    static List<String> arithmetic(List<Entry> entries) {
        TreeSet<String> used = new TreeSet<>();
        for (Entry entry : entries) {
            if (entry.decoded() instanceof LayerSketch sketch) {
                NumericConfig n = sketch.getManifest().getNumerics();
                used.add(
                        String.join(
                                ", ",
                                n.getProvider(),
                                n.getLibrary() + " " + n.getLibraryVersion(),
                                n.getCoreName(),
                                "device " + n.getDevice(),
                                n.getThreads() + " threads",
                                "Java " + n.getJavaVersion()));
            }
        }
        return new ArrayList<>(used);
    }

    /** Fingerprints of the schemas that this build reads and writes, by record name. */
    static Map<String, String> fingerprints() {
        Map<String, String> fingerprints = new TreeMap<>();
        Wire.currentSchemas()
                .forEach(
                        schema ->
                                fingerprints.put(
                                        schema.getName(),
                                        String.format("%016x", Wire.fingerprint(schema))));
        return fingerprints;
    }
}
