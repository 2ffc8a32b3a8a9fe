package io.spectrawatch.ops.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.exporter.common.TextFormat;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.UnwatchedLayers;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.fuzz.Fuzz;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** Names are whatever a client wrote; a scrape must stay a scrape, and give them back unchanged. */
class HostileNamesTest {

    private static final List<String> NAMES =
            List.of(
                    "plain",
                    "a\"} 1\nspectrawatch_fake{x=\"",
                    "back\\slash\\",
                    "line\nbreak\r\n",
                    "\\n",
                    "tab\tnul\u0000",
                    "a/b%2Fc",
                    "<img src=x onerror=alert(1)>",
                    "漢字\u202E\uD83D\uDE00");

    private static final Pattern SAMPLE =
            Pattern.compile(
                    "[a-z_0-9]+(\\{(([a-z]+)=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])*)\",?)*})? \\S+");

    private static final Pattern LAYER = Pattern.compile("layer=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final CollectorRegistry registry = new CollectorRegistry(true);
    private final Counter dropped =
            Counter.build("dropped_total", "Dropped.").labelNames("kind").create();

    @Test
    void labelsAreEscapedAndGivenBack() throws IOException {
        SketchMetrics metrics = new SketchMetrics(100, dropped.labels("x"));
        metrics.registerAt(registry);
        LayerSketch valid = valid();
        for (String name : NAMES) {
            metrics.accept(
                    LayerSketch.newBuilder(valid)
                            .setModelId(name)
                            .setModelVersion(name)
                            .setLayer(name)
                            .setAlgorithm(name)
                            .build());
        }
        Set<String> found = new LinkedHashSet<>();
        for (String line : scrape().split("\n")) {
            if (!line.startsWith("#")) {
                assertTrue(SAMPLE.matcher(line).matches(), line);
                assertFalse(line.startsWith("spectrawatch_fake"), line);
                Matcher layer = LAYER.matcher(line);
                if (layer.find()) {
                    found.add(unescaped(layer.group(1)));
                }
            }
        }
        assertEquals(Set.copyOf(NAMES), found);
    }

    @Test
    void aDescriptorsNameCannotWriteLines() throws IOException {
        SketchMetrics metrics = new SketchMetrics(100, dropped.labels("x"));
        metrics.registerAt(registry);
        LayerSketch valid = valid();
        List<Interval> descriptors = new ArrayList<>(valid.getDescriptors());
        descriptors.add(new Interval("x 1\nspectrawatch_fake", 0.0, 0.0, 0.0));
        descriptors.add(new Interval("", 0.0, 0.0, 0.0));
        List<Interval> probable = new ArrayList<>(descriptors);
        probable.add(new Interval("effective_rank", 1.5, 1.75, 2.5));
        metrics.accept(
                LayerSketch.newBuilder(valid)
                        .setDescriptors(descriptors)
                        .setDescriptors95(probable)
                        .build());
        String scrape = scrape();
        assertTrue(
                scrape.lines()
                        .anyMatch(
                                line ->
                                        line.startsWith("spectrawatch_effective_rank_lower95{")
                                                && line.endsWith(" 1.5")),
                scrape);
        assertTrue(
                scrape.lines()
                        .anyMatch(
                                line ->
                                        line.startsWith("spectrawatch_effective_rank_upper95{")
                                                && line.endsWith(" 2.5")),
                scrape);
        assertFalse(scrape.contains("fake"), scrape);
        assertTrue(scrape.contains("spectrawatch_energy{"), scrape);
    }

    /** Whatever can be decoded must neither stop the exporter nor spoil its scrape. */
    @Test
    void damagedRecordsNeverStopTheExporter() {
        RecordMetrics metrics = new RecordMetrics(null, 50);
        metrics.registerAt(registry);
        metrics.accept(
                new UnwatchedLayers(
                        "a\"b\n", "1", "d", 0L, 60L, null, -1L, List.of(), -5L, "none", null),
                RecordMetrics.Mode.COUNT);
        new Fuzz<SpecificRecord>(
                        "exported",
                        HostileNamesTest.class,
                        Wire::decode,
                        Set.of(io.spectrawatch.schemas.WireException.class),
                        record -> {
                            metrics.accept(record, RecordMetrics.Mode.SHOW);
                            metrics.accept(record, RecordMetrics.Mode.COUNT);
                        },
                        256)
                .run(Fuzz.corpus("exported"), 10_000);
        for (String line : assertScrape().split("\n")) {
            assertTrue(line.startsWith("#") || SAMPLE.matcher(line).matches(), line);
        }
    }

    private String assertScrape() {
        try {
            return scrape();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static LayerSketch valid() {
        return Fuzz.corpus("exported").stream()
                .map(Wire::decode)
                .filter(LayerSketch.class::isInstance)
                .map(LayerSketch.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private String scrape() throws IOException {
        StringWriter out = new StringWriter();
        TextFormat.write004(out, registry.metricFamilySamples());
        return out.toString();
    }

    private static String unescaped(String value) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
                out.append(value.charAt(i) == 'n' ? '\n' : value.charAt(i));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
