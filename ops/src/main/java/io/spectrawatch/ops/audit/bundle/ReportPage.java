package io.spectrawatch.ops.audit.bundle;

/** The report of a bundle: one page that refers to nothing outside itself. */
final class ReportPage {

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
        new VerdictSections(evidence, page).write();
        new PictureSections(evidence, page).write();
        new RecordSections(evidence, manifest, page).write();
        return page.append("</main></body>\n</html>\n").toString();
    }
}
