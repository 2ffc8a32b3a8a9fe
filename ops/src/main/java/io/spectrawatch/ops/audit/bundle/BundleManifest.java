package io.spectrawatch.ops.audit.bundle;

import io.spectrawatch.ops.audit.compare.Altered;
import io.spectrawatch.ops.audit.record.Bytes;
import io.spectrawatch.ops.audit.record.CutSamples;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.record.Missing;
import io.spectrawatch.ops.audit.record.Reach;
import io.spectrawatch.ops.audit.record.Scope;
import io.spectrawatch.ops.audit.record.ShardRange;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import java.util.List;
import java.util.Map;

/**
 * Content of a bundle's {@code manifest.json}: a function of the log, the recorded records and this
 * build, without any clock.
 *
 * @param format version of the bundle's layout
 * @param versions of this build and what it is made of; the git revision where the build knows it
 * @param paneFrom start of the range, microseconds
 * @param paneTo its end, exclusive
 * @param settings settings of the job, as recorded
 * @param recordedOn arithmetic behind the recorded records
 * @param recomputedOn arithmetic behind the recomputed ones
 * @param reach which records could be recomputed; moments in microseconds
 * @param cut samples that the replay does not know as a whole; null in bundles of releases that did
 *     not know samples in parts
 * @param schemas fingerprints of the schemas, by record name
 * @param recordedChain SHA-256 chain over the recorded values, in the order of the file
 */
public record BundleManifest(
        int format,
        ReplayVerdict verdict,
        Map<String, String> versions,
        String model,
        String version,
        long paneFrom,
        long paneTo,
        String baseline,
        Map<String, String> settings,
        List<String> recordedOn,
        List<String> recomputedOn,
        List<ShardRange> offsets,
        List<Missing> missing,
        Reach reach,
        CutSamples cut,
        List<Altered> altered,
        Map<String, String> schemas,
        Map<String, Map<ReplayVerdict, Integer>> counts,
        int recordedRecords,
        int recomputedRecords,
        String recordedChain,
        String recomputedChain) {

    static final int FORMAT = 1;

    static BundleManifest of(BundleContent evidence, Map<String, String> versions) {
        Scope scope = evidence.scope();
        return new BundleManifest(
                FORMAT,
                evidence.verdict(),
                versions,
                scope.model(),
                scope.version(),
                scope.from(),
                scope.to(),
                evidence.baseline(),
                evidence.settings(),
                BundleContent.arithmetic(evidence.recorded()),
                BundleContent.arithmetic(evidence.recomputed()),
                evidence.plan().ranges(),
                evidence.plan().missing(),
                evidence.reach(),
                evidence.cut(),
                evidence.altered(),
                BundleContent.fingerprints(),
                evidence.comparison().counts(),
                evidence.recorded().size(),
                evidence.recomputed().size(),
                chain(evidence.recorded()),
                chain(evidence.recomputed()));
    }

    static String chain(List<Entry> entries) {
        return Bytes.chain(entries.stream().map(entry -> entry.record().getValue()).toList());
    }
}
