package io.spectrawatch.ops.evaluate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.text.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Each attack with everything chosen without it. The detector is fitted on clean inputs, and its
 * scores, weights and levels are chosen by these alone: of it nothing changes. What attacks can
 * choose is a single score, so the best one on the others is shown beside it.
 *
 * @param attack the attack left out
 * @param combined the combination on it
 * @param chosen the single score with the largest mean area on the other attacks
 * @param single that score on the attack left out
 */
record LeaveOneOut(String attack, Measured combined, String chosen, Measured single) {

    static List<LeaveOneOut> of(EvaluationReport report) {
        List<LeaveOneOut> all = new ArrayList<>();
        report.combined()
                .forEach(
                        (attack, combined) -> {
                            String chosen = chosen(report.scores(), attack);
                            Measured single = report.scores().get(chosen).get(attack);
                            all.add(new LeaveOneOut(attack, combined, chosen, single));
                        });
        return all;
    }

    private static String chosen(Map<String, Map<String, Measured>> scores, String attack) {
        String best = null;
        double area = -1;
        for (Map.Entry<String, Map<String, Measured>> each : scores.entrySet()) {
            Map<String, Measured> others = new LinkedHashMap<>(each.getValue());
            others.remove(attack);
            double mean = EvaluationReport.mean(others).auroc();
            if (mean > area) {
                area = mean;
                best = each.getKey();
            }
        }
        return best;
    }

    static void print(EvaluationReport report, PrintWriter out) {
        List<LeaveOneOut> all = of(report);
        out.println();
        out.println(
                "each attack left out: the combination chooses nothing by attacks and stays as it"
                        + " is; beside it the single score that is best on the others");
        for (LeaveOneOut each : all) {
            out.printf(
                    Locale.ROOT,
                    "%s: combined %s, %s %s%n",
                    Printable.text(each.attack),
                    cell(each.combined),
                    Printable.text(each.chosen),
                    cell(each.single));
        }
        out.printf(
                Locale.ROOT,
                "mean: combined %s, chosen by the others %s%n",
                cell(EvaluationReport.mean(byAttack(all, true))),
                cell(EvaluationReport.mean(byAttack(all, false))));
        out.flush();
    }

    private static Map<String, Measured> byAttack(List<LeaveOneOut> all, boolean combined) {
        Map<String, Measured> byAttack = new LinkedHashMap<>();
        all.forEach(each -> byAttack.put(each.attack, combined ? each.combined : each.single));
        return byAttack;
    }

    private static String cell(Measured m) {
        return String.format(Locale.ROOT, "%.3f/%.2f", m.auroc(), m.tprAt1Percent());
    }

    static ObjectNode json(EvaluationReport report) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        for (LeaveOneOut each : of(report)) {
            ObjectNode node = root.putObject(each.attack);
            node.put("chosen", each.chosen);
            node.put("auroc", each.single.auroc());
            node.put("tprAt1Percent", each.single.tprAt1Percent());
        }
        return root;
    }
}
