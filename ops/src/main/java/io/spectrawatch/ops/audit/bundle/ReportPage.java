package io.spectrawatch.ops.audit.bundle;

import io.spectrawatch.ops.audit.compare.Altered;
import io.spectrawatch.ops.audit.compare.Repeated;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.record.Missing;
import io.spectrawatch.ops.audit.record.Reach;
import io.spectrawatch.ops.audit.record.Scope;
import io.spectrawatch.ops.audit.record.ShardRange;
import io.spectrawatch.ops.audit.record.Times;
import io.spectrawatch.ops.audit.rule.Directions;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The report of a bundle: one page that refers to nothing outside itself. */
final class ReportPage {

    private static final int MOST_ROWS = 2000;
    private static final int MOST_PICTURES = 24;

    private static final String STYLE =
            """
            :root{--ink:#1b2530;--soft:#5d6b79;--line:#d9e0e6;--card:#fff;--page:#f4f6f8;--then:#2b6cb0;--now:#d9480f}
            *{box-sizing:border-box}
            body{margin:0;background:var(--page);color:var(--ink);font:14px/1.5 system-ui,sans-serif}
            main{max-width:1080px;margin:0 auto;padding:28px 20px 60px}
            h1{font-size:22px;margin:0 0 4px}h2{font-size:16px;margin:0 0 12px}
            p{margin:4px 0 10px;color:var(--soft)}
            section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:18px 20px;margin-top:16px;overflow-x:auto}
            table{border-collapse:collapse;width:100%;font-size:13px}
            th{text-align:left;font-weight:600;color:var(--soft);border-bottom:1px solid var(--line);padding:4px 10px 4px 0}
            td{border-bottom:1px solid var(--line);padding:4px 10px 4px 0;vertical-align:top}
            code,td.m{font-family:ui-monospace,monospace;font-size:12px;overflow-wrap:anywhere}
            td.n{white-space:nowrap}
            .facts td{overflow-wrap:anywhere}.facts td:first-child{white-space:nowrap;color:var(--soft)}
            .v{display:inline-block;white-space:nowrap;padding:1px 8px;border-radius:10px;color:#fff;font-size:12px;font-weight:600}
            .big .v{font-size:15px;padding:3px 14px}
            .v.IDENTICAL{background:#2f855a}.v.EQUIVALENT{background:#2b6cb0}.v.HYPOTHETICAL{background:#6b46c1}
            .v.DIVERGED{background:#c53030}.v.INCOMPLETE{background:#b7791f}
            rect.IDENTICAL{fill:#68b68c}rect.EQUIVALENT{fill:#63a0d8}rect.HYPOTHETICAL{fill:#a78bda}
            rect.DIVERGED{fill:#c53030}rect.INCOMPLETE{fill:#b7791f}
            .pictures{display:flex;flex-wrap:wrap;gap:18px}figure{margin:0}figcaption{font-size:12px;color:var(--soft);max-width:314px;overflow-wrap:anywhere}
            svg text{font:11px system-ui,sans-serif;fill:var(--soft)}
            .grid{stroke:var(--line)}.then{fill:none;stroke:var(--then);stroke-width:1.5}.now{fill:none;stroke:var(--now)}
            .empty{fill:#eef1f4}.own{fill:#2b6cb0}.shared{fill:#d9480f}.open{fill:#b9c2cb}
            .wide figcaption{max-width:none}
            """;

    private final BundleContent evidence;
    private final BundleManifest manifest;
    private final StringBuilder page = new StringBuilder();

    ReportPage(BundleContent evidence, BundleManifest manifest) {
        this.evidence = evidence;
        this.manifest = manifest;
    }

    String html() {
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.append(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"
                        + " style-src 'unsafe-inline'\">\n");
        page.append("<title>Audit of ").append(Html.escape(evidence.scope().model()));
        page.append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body><main>\n");
        summary();
        divergence();
        thenAndNow();
        timeline();
        spectra();
        alignments();
        windows();
        configuration();
        return page.append("</main></body>\n</html>\n").toString();
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
        for (String each : evidence.notCompared()) {
            page.append(Html.row("not compared", each));
        }
        page.append("</table></section>\n");
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

    private void timeline() {
        page.append("<section><h2>Timeline</h2>\n");
        page.append(Charts.timeline(evidence.comparison().findings()));
        page.append("</section>\n");
    }

    /** Of each layer the pane that diverged first, else the last. */
    private void spectra() {
        Map<String, Entry> recomputed = byIdentity(evidence.recomputed());
        TreeMap<String, Entry> shown = new TreeMap<>();
        for (Entry entry : Repeated.firsts(evidence.recorded())) {
            if (entry.decoded() instanceof LayerSketch sketch) {
                shown.merge(
                        String.format("%06d %s", sketch.getLayerIndex(), entry.part()),
                        entry,
                        (earlier, later) -> diverged(earlier) ? earlier : later);
            }
        }
        page.append("<section><h2>Spectra</h2><p>Eigenvalues per layer, recorded as a line,");
        page.append(" recomputed as circles: of the first pane that diverged, else the last.</p>");
        page.append("<div class=\"pictures\">\n");
        shown.values().stream()
                .limit(MOST_PICTURES)
                .forEach(
                        entry -> {
                            Entry other = recomputed.get(entry.identity());
                            page.append("<figure>");
                            page.append(
                                    Charts.spectrum(
                                            (LayerSketch) entry.decoded(),
                                            other == null ? null : (LayerSketch) other.decoded()));
                            caption(entry);
                        });
        page.append("</div>");
        leftOut(shown.size() - MOST_PICTURES, "layers");
        page.append("</section>\n");
    }

    private void caption(Entry entry) {
        LayerSketch sketch = (LayerSketch) entry.decoded();
        page.append("<figcaption><b>").append(Html.escape(entry.part())).append("</b><br>");
        page.append(
                Html.escape(
                        String.format(
                                Locale.ROOT,
                                "%,d rows, %d columns, %s, pane %s",
                                sketch.getRows(),
                                sketch.getColumns(),
                                sketch.getAlgorithm(),
                                Times.text(entry.paneStart()))));
        page.append("</figcaption></figure>\n");
    }

    private boolean diverged(Entry entry) {
        return evidence.comparison().findings().stream()
                .anyMatch(
                        finding ->
                                finding.verdict() == ReplayVerdict.DIVERGED
                                        && finding.identity().equals(entry.identity()));
    }

    private void alignments() {
        TreeMap<String, Entry> shown = new TreeMap<>();
        for (Entry entry : Repeated.firsts(evidence.recorded())) {
            if (entry.decoded() instanceof InterfaceCertificate each
                    && each.getFindings() != null) {
                shown.put(entry.part(), entry);
            }
        }
        if (shown.isEmpty()) {
            return;
        }
        page.append(
                "<section><h2>Alignment</h2><p>Columns that feed each group of rows in the last");
        page.append(
                " certified pool: of one group (blue), shared (orange), left open by the error");
        page.append(" (grey).</p><div class=\"pictures wide\">\n");
        shown.values().stream()
                .limit(MOST_PICTURES)
                .forEach(
                        entry -> {
                            InterfaceCertificate each = (InterfaceCertificate) entry.decoded();
                            page.append("<figure>").append(Charts.alignment(each.getFindings()));
                            page.append("<figcaption><b>").append(Html.escape(entry.part()));
                            page.append("</b><br>");
                            page.append(
                                    Html.escape(
                                            each.getStatus()
                                                    + ", "
                                                    + each.getRows()
                                                    + " rows, until "
                                                    + Times.text(entry.paneEnd())));
                            page.append("</figcaption></figure>\n");
                        });
        page.append("</div>");
        leftOut(shown.size() - MOST_PICTURES, "interfaces");
        page.append("</section>\n");
    }

    private void windows() {
        List<ReplayFinding> findings = evidence.comparison().findings();
        page.append("<section><h2>Records</h2><table>\n");
        page.append(
                Html.head(
                        "window",
                        "topic",
                        "offset",
                        "verdict",
                        "apart",
                        "allowed",
                        "directions apart",
                        "allowed",
                        "difference"));
        findings.stream()
                .sorted((a, b) -> Integer.compare(place(b.verdict()), place(a.verdict())))
                .limit(MOST_ROWS)
                .forEach(this::window);
        page.append("</table>");
        leftOut(findings.size() - MOST_ROWS, "records");
        page.append("</section>\n");
    }

    private static int place(ReplayVerdict verdict) {
        return verdict == ReplayVerdict.DIVERGED ? 1 : 0;
    }

    private void window(ReplayFinding finding) {
        page.append("<tr><td class=\"m\">").append(Html.escape(finding.window()));
        page.append("</td><td>").append(Html.escape(what(finding)));
        page.append("</td><td>").append(finding.offset() < 0 ? "" : finding.offset());
        page.append("</td><td>").append(Html.badge(finding.verdict()));
        page.append("</td><td class=\"n\">").append(number(finding.distance()));
        page.append("</td><td class=\"n\">").append(number(finding.bound()));
        Directions directions = finding.directions();
        page.append("</td><td class=\"n\">")
                .append(number(directions == null ? null : directions.apart()));
        page.append("</td><td class=\"n\">")
                .append(number(directions == null ? null : directions.allowed()));
        page.append("</td><td class=\"m\">");
        if (finding.field() != null) {
            page.append(
                    Html.escape(
                            finding.field()
                                    + ": "
                                    + finding.recorded()
                                    + " → "
                                    + finding.recomputed()));
        }
        page.append("</td></tr>\n");
    }

    private static String what(ReplayFinding finding) {
        int chunk = finding.identity().lastIndexOf("/chunk/");
        return chunk < 0
                ? finding.topic()
                : finding.topic() + finding.identity().substring(chunk).replace('/', ' ');
    }

    private static String number(Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%.3g", value);
    }

    private void configuration() {
        page.append("<section><h2>Input and configuration</h2><table class=\"facts\">\n");
        for (ShardRange range : evidence.plan().ranges()) {
            page.append(
                    Html.row(
                            "shard " + range.shard(),
                            "offsets " + range.start() + " to " + (range.end() - 1)));
        }
        List<Repeated> repeated = evidence.comparison().repeated();
        repeated.stream()
                .limit(MOST_ROWS)
                .forEach(each -> page.append(Html.row("recorded again", each.text())));
        if (repeated.size() > MOST_ROWS) {
            page.append(
                    Html.row(
                            "recorded again", repeated.size() - MOST_ROWS + " further identities"));
        }
        page.append(Html.row("recorded on", String.join("; ", manifest.recordedOn())));
        page.append(Html.row("recomputed on", String.join("; ", manifest.recomputedOn())));
        page.append(Html.row("chain over recorded values", manifest.recordedChain()));
        page.append(Html.row("chain over recomputed values", manifest.recomputedChain()));
        evidence.settings().forEach((key, value) -> page.append(Html.row(key, value)));
        manifest.versions().forEach((name, version) -> page.append(Html.row(name, version)));
        page.append("</table></section>\n");
    }

    private void leftOut(int count, String what) {
        if (count > 0) {
            page.append("<p>").append(count).append(" further ").append(what);
            page.append(" are not shown; the container files hold all.</p>");
        }
    }

    private static Map<String, Entry> byIdentity(List<Entry> entries) {
        Map<String, Entry> all = new HashMap<>();
        entries.forEach(entry -> all.put(entry.identity(), entry));
        return all;
    }
}
