package io.spectrawatch.flink.monitor.attack;

import io.spectrawatch.flink.monitor.pane.AttackStanding;
import io.spectrawatch.flink.monitor.record.RecordSink;
import io.spectrawatch.spectral.detect.attack.AttackDecision;
import io.spectrawatch.spectral.detect.attack.AttackOptions;
import io.spectrawatch.spectral.detect.attack.AttackState;
import io.spectrawatch.spectral.detect.attack.AttackTransition;
import io.spectrawatch.spectral.detect.attack.PaneExceedances;
import io.spectrawatch.spectral.detect.attack.StreamKind;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Turns what a closed pane did to the tests into alerts for people: one on all traffic, raised once
 * whichever test spoke first and resolved when neither has anything left to say, and none on every
 * single client while nearly all clients are alike.
 */
final class StandingStep {

    private final AttackRecords records;
    private final AttackOptions options;
    private final long span;
    private final long paneStart;

    /**
     * @param span how long a surge stands, in microseconds
     * @param paneStart of the pane
     */
    StandingStep(AttackRecords records, AttackOptions options, long span, long paneStart) {
        this.records = records;
        this.options = options;
        this.span = span;
        this.paneStart = paneStart;
    }

    /**
     * Sends the pane's alerts.
     *
     * @param surge what the pane showed while it was open, null for nothing
     * @param before the test's state before the pane
     * @return where the alerts stand after it
     */
    AttackStanding take(
            AttackStanding stood,
            OpenSurge surge,
            AttackState before,
            AttackDecision decision,
            PaneExceedances counts,
            RecordSink out) {
        List<AttackStanding.Fired> surges = new ArrayList<>(stood.remembered(paneStart, span));
        if (surge != null && surge.fired()) {
            surges.add(new AttackStanding.Fired(paneStart, surge.surge().lastBeat()));
        }
        AttackState after = decision.state();
        boolean stands = after.active() || !surges.isEmpty();
        StreamKind kind = stands ? kind(stood, surge, counts) : null;
        TreeSet<String> heldBack = heldBack(stood, kind, decision);
        int standing = after.activeClients().size() - heldBack.size();
        if (!stands && stood.kind() != null) {
            out.send(records.resolved(stood.kind()));
        }
        for (AttackTransition each : decision.transitions()) {
            boolean due =
                    each.client() == null
                            ? each.raised() && stood.kind() == null && !raised(surge)
                            : !heldBack.contains(each.client())
                                    && !stood.heldBack().contains(each.client());
            if (due) {
                out.send(records.of(each, kind, before, after, standing, options));
            }
        }
        for (String client : stood.heldBack()) {
            if (!heldBack.contains(client) && after.activeClients().contains(client)) {
                out.send(records.late(client, after, standing));
            }
        }
        return new AttackStanding(kind, List.copyOf(surges), heldBack);
    }

    private static boolean raised(OpenSurge surge) {
        return surge != null && surge.raised() != null;
    }

    /** What the alert is called: as it was raised, or what the pane looks like. */
    private static StreamKind kind(AttackStanding stood, OpenSurge surge, PaneExceedances counts) {
        if (stood.kind() != null) {
            return stood.kind();
        }
        return raised(surge)
                ? surge.raised()
                : StreamKind.of(
                        StreamKind.counts(
                                counts.samples(), counts.exceedances(), counts.clients()));
    }

    /** The clients under attack that are not told, while the input has changed for everyone. */
    private static TreeSet<String> heldBack(
            AttackStanding stood, StreamKind kind, AttackDecision decision) {
        TreeSet<String> heldBack = new TreeSet<>();
        if (kind == StreamKind.INPUT_SHIFT) {
            heldBack.addAll(stood.heldBack());
            for (AttackTransition each : decision.transitions()) {
                if (each.client() != null && each.raised()) {
                    heldBack.add(each.client());
                }
            }
            heldBack.retainAll(decision.state().activeClients());
        }
        return heldBack;
    }
}
