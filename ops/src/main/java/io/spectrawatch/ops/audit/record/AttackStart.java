package io.spectrawatch.ops.audit.record;

import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Where the tests for attacks stand when a replay begins, out of their recorded steps.
 *
 * @param given per digest of the model and segment the step after which its test goes on; those
 *     that begin in the replay have none
 * @param from start of the first pane whose steps are recomputed
 */
public record AttackStart(List<AttackEvidence> given, long from) {

    /**
     * Looks for the last step before the replay. Where there is none although the test had begun,
     * the first recorded one has to be taken as it is.
     *
     * @param since start of the first pane that is judged
     * @param steps of the model, all that are recorded
     * @param compared records of the range
     */
    public static AttackStart of(long since, List<Entry> steps, List<Entry> compared) {
        if (steps.isEmpty()) {
            boolean unexplained = compared.stream().anyMatch(Reach::isOfAttackTest);
            return new AttackStart(List.of(), unexplained ? Long.MAX_VALUE : Long.MIN_VALUE);
        }
        TreeMap<String, List<AttackEvidence>> byDigest = new TreeMap<>();
        for (Entry entry : steps) {
            AttackEvidence step = (AttackEvidence) entry.decoded();
            String key = Topics.inSegment(Topics.key(step.getModelDigest()), step.getSegment());
            byDigest.computeIfAbsent(key, d -> new ArrayList<>()).add(step);
        }
        List<AttackEvidence> given = new ArrayList<>();
        long from = Long.MIN_VALUE;
        for (List<AttackEvidence> own : byDigest.values()) {
            own.sort(Comparator.comparingLong(AttackEvidence::getPaneEnd));
            AttackEvidence first = own.get(0);
            AttackEvidence last = null;
            for (AttackEvidence step : own) {
                last = step.getPaneEnd() <= since ? step : last;
            }
            if (last != null) {
                given.add(last);
            } else if (first.getStateBefore() != null) {
                given.add(first);
                from = Math.max(from, first.getPaneEnd());
            }
        }
        return new AttackStart(List.copyOf(given), from);
    }
}
