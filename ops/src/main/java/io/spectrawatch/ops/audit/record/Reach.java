package io.spectrawatch.ops.audit.record;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AttackEvidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which records of a range a replay can recompute; all moments in microseconds.
 *
 * <p>Where the log has lost offsets, the panes that still have all of theirs are replayed. A pool
 * or a test that began before them is not: what it says about later panes cannot be recomputed.
 *
 * @param panesFrom start of the first pane that is replayed
 * @param poolsFrom start of the first pane that certificates and alerts can begin with
 * @param verdictsFrom certificates and alerts of panes that end later can be recomputed
 * @param attackFrom start of the first pane before which the test for attacks is known
 * @param to end of the last pane that is replayed
 */
public record Reach(long panesFrom, long poolsFrom, long verdictsFrom, long attackFrom, long to) {

    public static final Reach EVERYTHING =
            new Reach(
                    Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE, Long.MIN_VALUE, Long.MAX_VALUE);

    public static final Reach NOTHING =
            new Reach(
                    Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE);

    /** Alerts that the test for attacks raises. */
    private static final Set<String> STREAM_KINDS =
            Set.of("UNDER_ATTACK", "INPUT_SHIFT", "CLIENT_UNDER_ATTACK", "CLIENT_SEARCHING");

    public Reach withAttackFrom(long start) {
        return new Reach(panesFrom, poolsFrom, verdictsFrom, start, to);
    }

    /** Whether a record is the outcome of the test for attacks. */
    static boolean isOfAttackTest(Entry entry) {
        return entry.decoded() instanceof AttackEvidence
                || entry.decoded() instanceof Alert alert && isOnStream(alert);
    }

    /** Whether an alert is about a model's traffic. */
    public static boolean isOnStream(Alert alert) {
        return STREAM_KINDS.contains(alert.getKind());
    }

    /** Whether a record can be recomputed. */
    public boolean covers(Entry entry) {
        if (entry.paneEnd() > to || isOfAttackTest(entry) && entry.paneStart() < attackFrom) {
            return false;
        }
        return switch (entry.topic()) {
            case CERTIFICATES, ALERTS -> judges(entry);
            case SCORES ->
                    entry.decoded() instanceof AttackEvidence
                            ? judges(entry)
                            : entry.paneStart() >= panesFrom && entry.paneStart() < to;
            default -> entry.paneStart() >= panesFrom;
        };
    }

    private boolean judges(Entry entry) {
        return entry.paneStart() >= poolsFrom && entry.paneEnd() > verdictsFrom;
    }

    /** Why a record that is not covered is not compared. */
    public String reason(Entry entry) {
        boolean testAlone = isOfAttackTest(entry) && withAttackFrom(Long.MIN_VALUE).covers(entry);
        return testAlone
                ? "not compared: where the test stood before it is not recorded"
                : "not compared: offsets that it needs are missing in the log";
    }

    /** What of a range is not compared, in words; empty where all of it is. */
    public List<String> notCompared(Scope scope) {
        List<String> said = new ArrayList<>();
        if (panesFrom >= to && panesFrom != Long.MIN_VALUE) {
            said.add("no pane of the range has all its offsets: nothing was replayed");
            return said;
        }
        if (panesFrom > scope.from()) {
            said.add("sketches and scores of panes before " + Times.text(panesFrom));
        }
        if (verdictsFrom > scope.from()) {
            said.add(
                    "certificates and alerts of panes that end by "
                            + Times.text(Math.min(verdictsFrom, scope.to())));
        }
        if (attackFrom > Math.max(scope.from(), poolsFrom)) {
            said.add(
                    "steps and alerts of the test for attacks in panes before "
                            + Times.text(Math.min(attackFrom, scope.to())));
        }
        if (to < scope.to()) {
            said.add("all of panes that end after " + Times.text(to));
        }
        return said;
    }
}
