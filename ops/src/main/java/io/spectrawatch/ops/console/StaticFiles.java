package io.spectrawatch.ops.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The console's own files, all of them from the class path, and no others. */
final class StaticFiles {

    private static final String OWN = "/io/spectrawatch/ops/console/";
    private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    private static final Map<String, String> PLACES =
            Map.ofEntries(
                    own("/", "index.html"),
                    own("/style.css", "style.css"),
                    own("/icon.svg", "icon.svg"),
                    own("/app.js", "app.js"),
                    own("/dom.js", "dom.js"),
                    own("/net.js", "net.js"),
                    own("/words.js", "words.js"),
                    own("/charts.js", "charts.js"),
                    own("/longtable.js", "longtable.js"),
                    own("/pages/alert.js", "pages/alert.js"),
                    own("/pages/alerts.js", "pages/alerts.js"),
                    own("/pages/fleet.js", "pages/fleet.js"),
                    own("/pages/health.js", "pages/health.js"),
                    own("/pages/interface.js", "pages/interface.js"),
                    own("/pages/layer.js", "pages/layer.js"),
                    own("/pages/model.js", "pages/model.js"),
                    own("/pages/samples.js", "pages/samples.js"),
                    Map.entry("/lib/uPlot.js", CHARTS + "uPlot.esm.js"),
                    Map.entry("/lib/uPlot.css", CHARTS + "uPlot.min.css"));

    private StaticFiles() {}

    private static Map.Entry<String, String> own(String path, String file) {
        return Map.entry(path, OWN + file);
    }

    /**
     * A file.
     *
     * @param content its bytes
     * @param type its media type
     */
    record File(byte[] content, String type) {}

    /** The file that is served at a path, or null. */
    static File at(String path) throws IOException {
        String place = PLACES.get(path);
        if (place == null) {
            return null;
        }
        try (InputStream in = StaticFiles.class.getResourceAsStream(place)) {
            if (in == null) {
                throw new IOException("the console's file " + place + " is not on the class path");
            }
            return new File(in.readAllBytes(), type(place));
        }
    }

    private static String type(String place) {
        if (place.endsWith(".js")) {
            return SCRIPT;
        }
        if (place.endsWith(".css")) {
            return STYLE;
        }
        return place.endsWith(".svg") ? "image/svg+xml" : "text/html; charset=utf-8";
    }
}
