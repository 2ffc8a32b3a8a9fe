package io.spectrawatch.ops.audit;

import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.ops.audit.bundle.Bundle;
import io.spectrawatch.ops.audit.bundle.BundleContent;
import io.spectrawatch.ops.audit.bundle.ThenAndNow;
import io.spectrawatch.ops.audit.compare.Altered;
import io.spectrawatch.ops.audit.compare.CutRules;
import io.spectrawatch.ops.audit.compare.Repeated;
import io.spectrawatch.ops.audit.compare.ReplayComparison;
import io.spectrawatch.ops.audit.compare.TamperScan;
import io.spectrawatch.ops.audit.record.AttackStart;
import io.spectrawatch.ops.audit.record.AuditException;
import io.spectrawatch.ops.audit.record.AuditRequest;
import io.spectrawatch.ops.audit.record.Beginnings;
import io.spectrawatch.ops.audit.record.CutSamples;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.record.LogPlan;
import io.spectrawatch.ops.audit.record.Reach;
import io.spectrawatch.ops.audit.record.Recorded;
import io.spectrawatch.ops.audit.record.ReplaySettings;
import io.spectrawatch.ops.audit.record.Scope;
import io.spectrawatch.ops.audit.record.Times;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.LayerSketch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Recomputes what the monitor recorded from the validated log and compares it record by record.
 *
 * <pre>{@code
 * Audit audit = new Audit(client, Topics.DEFAULT_PREFIX, FlinkTarget.embedded(), null);
 * AuditReport report = audit.run(AuditRequest.range("m", "1", from, to), AuditProgress.NONE);
 * }</pre>
 */
public final class Audit {

    private final Map<String, Object> client;
    private final String prefix;
    private final FlinkTarget target;
    private final String kernels;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param topicPrefix prefix of the topics' names
     * @param target where the replay runs
     * @param kernels auto, host, onnx-cpu or cuda; null for those that the records name
     */
    public Audit(
            Map<String, Object> client, String topicPrefix, FlinkTarget target, String kernels) {
        this.client = new HashMap<>(client);
        this.prefix = topicPrefix;
        this.target = target;
        this.kernels = kernels;
    }

    /**
     * Runs an audit and writes its bundle, if one is asked for.
     *
     * @throws AuditException if nothing is recorded there, or it cannot be replayed
     */
    public AuditReport run(AuditRequest request, AuditProgress progress)
            throws IOException, InterruptedException {
        if (request.output() != null) {
            Bundle.requireFree(request.output());
        }
        Recorded recorded;
        try {
            recorded = Recorded.read(request, client, prefix);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        LogPlan plan = LogPlan.of(recorded.sketches(), client, prefix);
        TreeMap<String, String> settings = ReplaySettings.recorded(recorded.sketches());
        long startedAt = System.nanoTime();
        BundleContent evidence;
        if (plan.missing().isEmpty()) {
            evidence =
                    replay(request, recorded, recorded, plan, Reach.EVERYTHING, settings, progress);
        } else {
            evidence = replayWhatIsLeft(request, recorded, plan, settings, progress);
        }
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        if (request.output() != null) {
            Bundle.write(request.output(), evidence);
        }
        return report(request, recorded, evidence, seconds);
    }

    /** Where offsets are missing the panes that have all of theirs are replayed nevertheless. */
    private BundleContent replayWhatIsLeft(
            AuditRequest request,
            Recorded recorded,
            LogPlan plan,
            TreeMap<String, String> settings,
            AuditProgress progress)
            throws IOException, InterruptedException {
        Recorded part = request.baseline() == null ? recorded.within(plan) : null;
        if (part == null) {
            return new BundleContent(
                    recorded.scope(),
                    request.baseline(),
                    settings,
                    plan,
                    Reach.NOTHING,
                    recorded.compared(),
                    List.of(),
                    ReplayComparison.of(
                            recorded.compared(),
                            List.of(),
                            request.baseline() != null,
                            Reach.NOTHING),
                    List.of(),
                    CutSamples.NONE);
        }
        LogPlan left = LogPlan.of(part.sketches(), client, prefix);
        if (!left.missing().isEmpty()) {
            throw new AuditException(
                    "the log loses offsets while it is audited: "
                            + left.missing()
                            + "; lengthen its retention or audit a later range");
        }
        return replay(
                request,
                recorded,
                part,
                new LogPlan(left.ranges(), plan.missing(), plan.held()),
                part.reach(),
                settings,
                progress);
    }

    /**
     * @param recorded what is asked about
     * @param part what of it is replayed
     */
    private BundleContent replay(
            AuditRequest request,
            Recorded recorded,
            Recorded part,
            LogPlan plan,
            Reach whole,
            TreeMap<String, String> settings,
            AuditProgress progress)
            throws IOException, InterruptedException {
        Scope scope = recorded.scope();
        AttackStart attacks =
                request.baseline() == null
                        ? AttackStart.of(
                                part.pools().since(), recorded.steps(), recorded.compared())
                        : new AttackStart(List.of(), Long.MIN_VALUE);
        Reach reach = whole.withAttackFrom(attacks.from());
        MonitorConfig config =
                ReplaySettings.config(
                        settings,
                        kernels == null ? ReplaySettings.kernels(recorded.sketches()) : kernels,
                        plan,
                        client,
                        prefix,
                        target.parallelism());
        ReplayStart start =
                request.baseline() == null
                        ? Beginnings.recorded(
                                scope, part.pools(), part.sketches(), plan, client, prefix)
                        : Beginnings.hypothetical(scope, request.baseline(), plan);
        start = start.watching(scope.model(), scope.version());
        for (AttackEvidence step : attacks.given()) {
            start = start.plus(step);
        }
        long first = part.sketches().stream().mapToLong(Entry::paneStart).min().orElseThrow();
        Scope replayed = new Scope(scope.model(), scope.version(), first, part.scope().to());
        long total = rows(part.sketches());
        progress.rows(0, total);
        List<Entry> recomputed =
                new Replayer(target, done -> progress.rows(done, total))
                        .run(config, start, replayed, scope);
        recomputed.removeIf(entry -> !reach.covers(entry));
        CutSamples cut = CutSamples.find(scope, part.pools().since(), plan, client, prefix);
        ReplayComparison comparison =
                CutRules.apply(
                        ReplayComparison.of(
                                recorded.compared(), recomputed, request.baseline() != null, reach),
                        cut,
                        recorded.compared(),
                        recomputed);
        List<Altered> altered =
                TamperScan.run(comparison, recorded.compared(), recomputed, client, prefix);
        return new BundleContent(
                scope,
                request.baseline(),
                settings,
                plan,
                reach,
                recorded.compared(),
                recomputed,
                comparison,
                altered,
                cut);
    }

    /** Of each sketch once, however often it is recorded. */
    private static long rows(List<Entry> sketches) {
        Set<String> counted = new HashSet<>();
        return sketches.stream()
                .filter(entry -> entry.decoded() instanceof LayerSketch)
                .filter(entry -> counted.add(entry.identity()))
                .mapToLong(entry -> ((LayerSketch) entry.decoded()).getRows())
                .sum();
    }

    private static AuditReport report(
            AuditRequest request, Recorded recorded, BundleContent evidence, double seconds) {
        Scope scope = evidence.scope();
        long rows = rows(evidence.recomputed());
        return new AuditReport(
                evidence.verdict(),
                scope.model(),
                scope.version(),
                Times.text(scope.from()),
                Times.text(scope.to()),
                request.baseline(),
                evidence.comparison().counts(),
                evidence.plan().ranges(),
                evidence.plan().missing(),
                evidence.notCompared(),
                evidence.cut(),
                evidence.altered(),
                evidence.comparison().repeated(),
                evidence.comparison().firstDivergence(),
                evidence.comparison().nearestToBound(),
                request.baseline() == null
                        ? List.of()
                        : ThenAndNow.of(
                                Repeated.firsts(evidence.recorded()), evidence.recomputed()),
                rows,
                rows / seconds,
                request.output() == null ? null : request.output().toString());
    }
}
