package io.spectrawatch.ops.cli.screen;

import io.spectrawatch.ops.alert.words.AlertWords;
import io.spectrawatch.ops.audit.record.Times;
import io.spectrawatch.ops.show.SketchHistory;
import io.spectrawatch.ops.text.Printable;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.LayerSketch;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Sketches for people: a table of the layers of a model, or one layer with its spectrum. */
public final class SketchScreen {

    /** Leading eigenvalues that are given as numbers. */
    private static final int MOST_VALUES = 8;

    private static final String ROW = "%-40s  %10s  %-8s  %-28s  %s%n";

    /** What tables of layers show. */
    private static final String ENTROPY = "spectral_entropy";

    private final PrintWriter out;
    private final Ink ink;

    public SketchScreen(PrintWriter out, Ink ink) {
        this.out = out;
        this.ink = ink;
    }

    /** All layers, each by its newest pane. */
    public void table(SketchHistory history) {
        out.printf(ROW, "layer", "rows", "version", "entropy [certified], nats", "last panes");
        for (List<LayerSketch> panes : history.layers()) {
            LayerSketch newest = panes.get(panes.size() - 1);
            out.printf(
                    ROW,
                    Printable.text(newest.getLayer()),
                    String.format(Locale.ROOT, "%,d", newest.getRows()),
                    Printable.text(newest.getModelVersion()),
                    descriptor(newest, ENTROPY).map(SketchScreen::text).orElse("-"),
                    sparks(panes, ENTROPY));
        }
    }

    /** One layer: its newest pane, and its descriptors over the last panes. */
    public void layer(List<LayerSketch> panes) {
        LayerSketch newest = panes.get(panes.size() - 1);
        field("layer", ink.bold(Printable.text(newest.getLayer())));
        field(
                "model",
                Printable.text(
                        newest.getModelId()
                                + " version "
                                + newest.getModelVersion()
                                + (newest.getSegment() == null
                                        ? ""
                                        : ", segment " + newest.getSegment())));
        field("pane", Times.text(newest.getPaneStart()) + " to " + Times.text(newest.getPaneEnd()));
        field(
                "sketch",
                Printable.text(
                        String.format(
                                Locale.ROOT,
                                "%,d rows of %,d columns, %s, %d rows kept, centred by %s",
                                newest.getRows(),
                                newest.getColumns(),
                                newest.getAlgorithm(),
                                newest.getSketchRows(),
                                newest.getCentring())));
        spectrum(newest);
        out.println();
        for (Interval each : newest.getDescriptors()) {
            field(
                    Printable.text(each.getName()),
                    text(each) + "  " + sparks(panes, each.getName()));
        }
        for (Interval each : newest.getDescriptors95()) {
            field(Printable.text(each.getName()), text(each) + "  with 95 % over the probes");
        }
        out.println();
        history(panes);
    }

    private void spectrum(LayerSketch newest) {
        SpectrumDrawing drawing = SpectrumDrawing.of(newest);
        List<String> lines = drawing.lines();
        if (lines.isEmpty()) {
            field("spectrum", "empty");
            return;
        }
        field("spectrum", "eigenvalues, logarithmic: █ certain, ▒ by the sketch, ░ possible");
        lines.forEach(out::println);
        int shown = Math.min(MOST_VALUES, newest.getSpectrum().size());
        for (int i = 0; i < shown; i++) {
            field(
                    i == 0 ? "values" : "",
                    String.format(
                            Locale.ROOT,
                            "%3d  %.4e  [%.4e, %.4e]",
                            i + 1,
                            newest.getSpectrum().get(i),
                            drawing.lower(i),
                            drawing.upper(i)));
        }
    }

    private void history(List<LayerSketch> panes) {
        LayerSketch newest = panes.get(panes.size() - 1);
        for (Interval named : newest.getDescriptors()) {
            out.println(Printable.text(named.getName()));
            for (LayerSketch pane : panes) {
                descriptor(pane, named.getName())
                        .ifPresent(
                                each ->
                                        out.printf(
                                                "  %s  %s%n",
                                                Times.text(pane.getPaneEnd()), text(each)));
            }
        }
    }

    private static Optional<Interval> descriptor(LayerSketch sketch, String name) {
        return sketch.getDescriptors().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst();
    }

    private static String sparks(List<LayerSketch> panes, String name) {
        return SpectrumDrawing.sparks(
                panes.stream()
                        .flatMap(pane -> descriptor(pane, name).stream())
                        .map(Interval::getEstimate)
                        .toList());
    }

    private static String text(Interval each) {
        return AlertWords.number(each.getEstimate()) + " " + AlertWords.interval(each);
    }

    private void field(String name, String value) {
        out.printf("%-18s %s%n", name, value);
    }
}
