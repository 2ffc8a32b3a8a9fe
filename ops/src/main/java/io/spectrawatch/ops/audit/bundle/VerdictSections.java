package io.spectrawatch.ops.audit.bundle;

import io.spectrawatch.ops.audit.compare.Altered;
import io.spectrawatch.ops.audit.compare.Repeated;
import io.spectrawatch.ops.audit.record.CutSamples;
import io.spectrawatch.ops.audit.record.Missing;
import io.spectrawatch.ops.audit.record.Reach;
import io.spectrawatch.ops.audit.record.Scope;
import io.spectrawatch.ops.audit.record.Times;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import java.util.EnumSet;
import java.util.List;

/** What an audit came to: its verdict, what does not hold, and what another baseline changes. */
final class VerdictSections {

    private static final int CUT_SHOWN = 5;

    private final BundleContent evidence;
    private final StringBuilder page;

    VerdictSections(BundleContent evidence, StringBuilder page) {
        this.evidence = evidence;
        this.page = page;
    }

    void write() {
        summary();
        divergence();
        thenAndNow();
    }

    private void summary() {
        Scope scope = evidence.scope();
        page.append("<h1>Audit of ").append(Html.escape(scope.model())).append(", version ");
        page.append(Html.escape(scope.version())).append("</h1>\n<p>Panes from ");
        page.append(Html.escape(Times.text(scope.from()))).append(" to ");
        page.append(Html.escape(Times.text(scope.to()))).append("</p>\n");
        page.append("<p class=\"big\">").append(Html.badge(evidence.verdict())).append("</p>\n");
        page.append("<section><h2>Verdict</h2><p>").append(meaning()).append("</p><table>\n");
        EnumSet<ReplayVerdict> shown =
                EnumSet.of(
                        ReplayVerdict.IDENTICAL, ReplayVerdict.EQUIVALENT, ReplayVerdict.DIVERGED);
        if (evidence.verdict() == ReplayVerdict.INCOMPLETE
                || !evidence.reach().equals(Reach.EVERYTHING)) {
            shown.add(ReplayVerdict.INCOMPLETE);
        }
        if (evidence.baseline() != null) {
            shown.add(ReplayVerdict.HYPOTHETICAL);
        }
        page.append("<thead><tr><th>records</th>");
        shown.forEach(v -> page.append("<th>").append(Html.badge(v)).append("</th>"));
        page.append("</tr></thead>\n");
        evidence.comparison()
                .counts()
                .forEach(
                        (topic, counts) -> {
                            page.append("<tr><td>").append(Html.escape(topic)).append("</td>");
                            shown.forEach(
                                    v ->
                                            page.append("<td>")
                                                    .append(counts.getOrDefault(v, 0))
                                                    .append("</td>"));
                            page.append("</tr>\n");
                        });
        page.append("</table></section>\n");
    }

    private String meaning() {
        return switch (evidence.verdict()) {
            case IDENTICAL -> "Every recorded record was recomputed from the log to the last byte.";
            case EQUIVALENT ->
                    "The input is the same to the last byte; the numbers differ by less than the"
                            + " bounds that the recomputed records carry.";
            case HYPOTHETICAL ->
                    "Recomputed under another baseline, over the same input; certificates and alerts"
                            + " then and now stand side by side.";
            case DIVERGED -> "What was recorded does not follow from the log as it is now.";
            case INCOMPLETE ->
                    "Not everything could be compared, because records it takes are gone or do not"
                            + " say; what could be is as recorded.";
        };
    }

    private void divergence() {
        ReplayFinding first = evidence.comparison().firstDivergence();
        boolean nothing =
                first == null
                        && evidence.altered().isEmpty()
                        && evidence.plan().missing().isEmpty()
                        && evidence.cut().equals(CutSamples.NONE)
                        && evidence.notCompared().isEmpty();
        if (nothing) {
            return;
        }
        page.append("<section><h2>What does not hold</h2><table class=\"facts\">\n");
        if (first != null) {
            page.append(Html.row("first divergence", first.window()));
            page.append(Html.row("record", first.topic() + " at offset " + first.offset()));
            page.append(Html.row("field", first.field()));
            page.append(Html.row("recorded", first.recorded()));
            page.append(Html.row("recomputed", first.recomputed()));
        }
        for (Altered each : evidence.altered()) {
            page.append(
                    Html.row(
                            each.exact() ? "altered record" : "altered somewhere",
                            "validated log, shard "
                                    + each.shard()
                                    + (each.exact()
                                            ? ", offset " + each.from()
                                            : ", offsets " + each.from() + " to " + each.to())));
        }
        for (Missing each : evidence.plan().missing()) {
            page.append(
                    Html.row(
                            "missing",
                            "validated log, shard "
                                    + each.shard()
                                    + ", offsets "
                                    + each.from()
                                    + " to "
                                    + each.to()));
        }
        cut("began before the offsets", evidence.cut().begunBefore());
        cut("goes on behind the offsets", evidence.cut().goOn());
        for (String each : evidence.notCompared()) {
            page.append(Html.row("not compared", each));
        }
        page.append("</table></section>\n");
    }

    private void cut(String how, List<CutSamples.Cut> samples) {
        for (CutSamples.Cut each : samples.stream().limit(CUT_SHOWN).toList()) {
            page.append(
                    Html.row(
                            "sample " + how,
                            each.sampleId()
                                    + " of "
                                    + each.captureId()
                                    + ", part "
                                    + each.part()
                                    + " at shard "
                                    + each.shard()
                                    + ", offset "
                                    + each.offset()));
        }
        if (samples.size() > CUT_SHOWN) {
            page.append(Html.row("sample " + how, samples.size() + " such samples in all"));
        }
    }

    private void thenAndNow() {
        if (evidence.baseline() == null) {
            return;
        }
        page.append("<section><h2>Then, and under baseline <code>");
        page.append(Html.escape(evidence.baseline())).append("</code></h2><table>\n");
        page.append(Html.head("until", "part", "what", "then", "now"));
        for (ThenAndNow each :
                ThenAndNow.of(Repeated.firsts(evidence.recorded()), evidence.recomputed())) {
            page.append(Html.row(each.end(), each.part(), each.what(), each.then(), each.now()));
        }
        page.append("</table></section>\n");
    }
}
