package io.spectrawatch.ops.audit.bundle;

import io.spectrawatch.ops.audit.compare.Repeated;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.record.Times;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An audit in pictures: its timeline, the spectra of its layers, the groups of its interfaces. */
final class PictureSections {

    private static final int MOST_PICTURES = 24;

    private final BundleContent evidence;
    private final StringBuilder page;

    PictureSections(BundleContent evidence, StringBuilder page) {
        this.evidence = evidence;
        this.page = page;
    }

    void write() {
        timeline();
        spectra();
        alignments();
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
        page.append(Html.leftOut(shown.size() - MOST_PICTURES, "layers"));
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

    private static Map<String, Entry> byIdentity(List<Entry> entries) {
        Map<String, Entry> all = new HashMap<>();
        entries.forEach(entry -> all.put(entry.identity(), entry));
        return all;
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
        page.append(Html.leftOut(shown.size() - MOST_PICTURES, "interfaces"));
        page.append("</section>\n");
    }
}
