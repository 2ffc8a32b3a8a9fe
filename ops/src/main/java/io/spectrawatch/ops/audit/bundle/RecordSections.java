package io.spectrawatch.ops.audit.bundle;

import io.spectrawatch.ops.audit.compare.Repeated;
import io.spectrawatch.ops.audit.record.ShardRange;
import io.spectrawatch.ops.audit.rule.Directions;
import io.spectrawatch.ops.audit.rule.ReplayFinding;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import java.util.List;
import java.util.Locale;

/** What an audit compared: its records one by one, its input and its configuration. */
final class RecordSections {

    private static final int MOST_ROWS = 2000;

    private final BundleContent evidence;
    private final BundleManifest manifest;
    private final StringBuilder page;

    RecordSections(BundleContent evidence, BundleManifest manifest, StringBuilder page) {
        this.evidence = evidence;
        this.manifest = manifest;
        this.page = page;
    }

    void write() {
        windows();
        configuration();
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
        page.append(Html.leftOut(findings.size() - MOST_ROWS, "records"));
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
}
