package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.structure.ElementComparison;
import io.spectrawatch.spectral.certificate.structure.ElementVerdict;
import io.spectrawatch.spectral.certificate.structure.Structure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Compares a pane's structure with a baseline's. */
final class StructureComparison {
    private final InterfaceBaseline baseline;
    private final Structure before;
    private final Structure now;
    private final double error;
    private final List<ElementComparison.Change> changes = new ArrayList<>();
    private final int[] counts = new int[ElementVerdict.values().length];

    StructureComparison(InterfaceBaseline baseline, Structure now, double error) {
        this.baseline = baseline;
        this.before = baseline.structure();
        this.now = now;
        this.error = error;
    }

    ElementComparison run(double distance) {
        for (int a = 0; a < now.groups(); a++) {
            for (int j = 0; j < now.columns(); j++) {
                activity(a, j);
            }
        }
        for (int a = 0; a < now.groups(); a++) {
            for (int b = a + 1; b < now.groups(); b++) {
                edge(a, b);
            }
        }
        // Largest margins first; the order of elements settles ties.
        changes.sort(Comparator.comparingDouble(change -> -change.margin()));
        int kept = Math.min(changes.size(), ElementComparison.MOST_CHANGES);
        double errors = error + baseline.budget().total();
        double radius = baseline.strictRadius();
        return new ElementComparison(
                counts[ElementVerdict.SAME.ordinal()],
                counts[ElementVerdict.CHANGED.ordinal()],
                counts[ElementVerdict.UNRESOLVED.ordinal()],
                counts[ElementVerdict.UNCERTIFIED.ordinal()],
                List.copyOf(changes.subList(0, kept)),
                Math.max(distance - errors, 0) / radius,
                (distance + errors) / radius,
                consumption());
    }

    private void activity(int a, int j) {
        judge(
                baseline.certified().activity(a, j),
                before.active(a, j),
                new ElementComparison.Change(
                        ElementComparison.Kind.ACTIVITY,
                        a,
                        -1,
                        j,
                        now.active(a, j),
                        now.activityMargin(a, j)));
    }

    private void edge(int a, int b) {
        judge(
                baseline.certified().edge(a, b),
                before.edge(a, b),
                new ElementComparison.Change(
                        ElementComparison.Kind.EDGE,
                        a,
                        b,
                        -1,
                        now.edge(a, b),
                        now.edgeMargin(a, b)));
    }

    private void judge(boolean certified, boolean before, ElementComparison.Change change) {
        ElementVerdict verdict =
                certified
                        ? ElementComparison.verdict(
                                change.margin(), error, before, change.present())
                        : ElementVerdict.UNCERTIFIED;
        counts[verdict.ordinal()]++;
        if (verdict == ElementVerdict.CHANGED) {
            changes.add(change);
        }
    }

    private ElementComparison.Consumption consumption() {
        double[] values = new double[baseline.certified().activityCount()];
        int at = 0;
        double largest = 0;
        int group = -1;
        int column = -1;
        for (int a = 0; a < now.groups(); a++) {
            for (int j = 0; j < now.columns(); j++) {
                if (baseline.certified().activity(a, j)) {
                    double v = consumed(a, j);
                    values[at++] = v;
                    if (v > largest || group < 0) {
                        largest = v;
                        group = a;
                        column = j;
                    }
                }
            }
        }
        Arrays.sort(values);
        int top = (values.length + 9) / 10;
        return new ElementComparison.Consumption(
                mean(values, 0), mean(values, values.length - top), largest, group, column);
    }

    /** v = clip(1 - m_t / m_ref, 0, 1), m_t the margin now, negative on the other side. */
    private double consumed(int a, int j) {
        double side = before.active(a, j) == now.active(a, j) ? 1 : -1;
        double left = side * now.activityMargin(a, j);
        return Math.min(Math.max(1 - left / before.activityMargin(a, j), 0), 1);
    }

    private static double mean(double[] values, int from) {
        double sum = 0;
        for (int i = from; i < values.length; i++) {
            sum += values[i];
        }
        return values.length == from ? 0 : sum / (values.length - from);
    }
}
