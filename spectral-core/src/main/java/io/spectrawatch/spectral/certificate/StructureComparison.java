package io.spectrawatch.spectral.certificate;

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
    private final List<Comparison.Change> changes = new ArrayList<>();
    private final int[] counts = new int[Verdict.values().length];

    StructureComparison(InterfaceBaseline baseline, Structure now, double error) {
        this.baseline = baseline;
        this.before = baseline.structure();
        this.now = now;
        this.error = error;
    }

    Comparison run(double distance) {
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
        int kept = Math.min(changes.size(), Comparison.MOST_CHANGES);
        double errors = error + baseline.budget().total();
        double radius = baseline.strictRadius();
        return new Comparison(
                counts[Verdict.SAME.ordinal()],
                counts[Verdict.CHANGED.ordinal()],
                counts[Verdict.UNRESOLVED.ordinal()],
                counts[Verdict.UNCERTIFIED.ordinal()],
                List.copyOf(changes.subList(0, kept)),
                Math.max(distance - errors, 0) / radius,
                (distance + errors) / radius,
                consumption());
    }

    private void activity(int a, int j) {
        double margin = now.activityMargin(a, j);
        boolean present = now.active(a, j);
        Verdict verdict =
                baseline.certified().activity(a, j)
                        ? Comparison.verdict(margin, error, before.active(a, j), present)
                        : Verdict.UNCERTIFIED;
        counts[verdict.ordinal()]++;
        if (verdict == Verdict.CHANGED) {
            changes.add(new Comparison.Change(Comparison.Kind.ACTIVITY, a, -1, j, present, margin));
        }
    }

    private void edge(int a, int b) {
        double margin = now.edgeMargin(a, b);
        boolean present = now.edge(a, b);
        Verdict verdict =
                baseline.certified().edge(a, b)
                        ? Comparison.verdict(margin, error, before.edge(a, b), present)
                        : Verdict.UNCERTIFIED;
        counts[verdict.ordinal()]++;
        if (verdict == Verdict.CHANGED) {
            changes.add(new Comparison.Change(Comparison.Kind.EDGE, a, b, -1, present, margin));
        }
    }

    private Comparison.Consumption consumption() {
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
        return new Comparison.Consumption(
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
