package io.spectrawatch.ops.audit;

import io.spectrawatch.ops.audit.bundle.ThenAndNow;
import io.spectrawatch.ops.audit.compare.Altered;
import io.spectrawatch.ops.audit.compare.Repeated;
import io.spectrawatch.ops.audit.record.CutSamples;
import io.spectrawatch.ops.audit.record.Missing;
import io.spectrawatch.ops.audit.record.ShardRange;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import java.util.List;
import java.util.Map;

/**
 * What an audit found; the components are the keys of {@code --json}.
 *
 * @param from start of the range, ISO 8601
 * @param to its end, exclusive
 * @param baseline another baseline that was asked about, or null
 * @param counts records by topic and verdict
 * @param offsets what was replayed
 * @param missing what the log no longer has
 * @param notCompared what of the range is not compared, in words
 * @param cut samples that the replayed offsets do not hold as a whole
 * @param altered records of the log that changed
 * @param repeated identities that are recorded more than once
 * @param firstDivergence the first record that diverged, or null
 * @param nearestToBound of the records that are equivalent but not identical the one nearest to
 *     what its bound allows, or null
 * @param thenAndNow certificates and alerts side by side where another baseline was asked about
 * @param rows rows recomputed, over all layers
 * @param rowsPerSecond over the whole replay
 * @param bundle folder of the bundle, or null
 */
public record AuditReport(
        ReplayVerdict verdict,
        String model,
        String version,
        String from,
        String to,
        String baseline,
        Map<String, Map<ReplayVerdict, Integer>> counts,
        List<ShardRange> offsets,
        List<Missing> missing,
        List<String> notCompared,
        CutSamples cut,
        List<Altered> altered,
        List<Repeated> repeated,
        ReplayFinding firstDivergence,
        ReplayFinding nearestToBound,
        List<ThenAndNow> thenAndNow,
        long rows,
        double rowsPerSecond,
        String bundle) {}
