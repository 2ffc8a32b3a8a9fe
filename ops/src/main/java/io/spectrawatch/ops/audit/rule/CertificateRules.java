package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.ops.audit.record.Bytes;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.ErrorTerms;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.TestEvidence;
import io.spectrawatch.spectral.certificate.alert.AlertState;
import io.spectrawatch.spectral.certificate.moments.CertificateFormatException;
import io.spectrawatch.spectral.sequential.Evidence;
import java.util.List;
import java.util.Objects;

/**
 * When a certificate that other arithmetic gave says the same: the same sets, counts and decisions,
 * and every number within what {@link CertificateBounds} takes from the recomputed one.
 */
public final class CertificateRules {

    /** Rounding of a sum of four terms. */
    private static final double SUM = 1e-12;

    /** Logarithms of a test's wealth at a score that is found by halving. */
    private static final double CUT = 1e-9;

    private final Entry entry;
    private final InterfaceCertificate recorded;
    private final InterfaceCertificate recomputed;
    private final CertificateChain.Link link;
    private final CertificateBounds bounds;

    private CertificateRules(Entry entry, Entry other, CertificateChain.Link link) {
        this.entry = entry;
        this.recorded = (InterfaceCertificate) entry.decoded();
        this.recomputed = (InterfaceCertificate) other.decoded();
        this.link = link;
        this.bounds = recomputed.getFindings() == null ? null : new CertificateBounds(recomputed);
    }

    /**
     * Compares two certificates that are not the same bytes.
     *
     * @param link what came before them
     */
    public static ReplayFinding compare(
            Entry recorded, Entry recomputed, CertificateChain.Link link) {
        return new CertificateRules(recorded, recomputed, link).compare();
    }

    private ReplayFinding compare() {
        Difference input = RecordRules.inputDifference(entry, recomputed);
        List<Difference> differences = Difference.between(recorded, recomputed);
        Difference fatal =
                input != null || !RecordRules.sameArithmetic(recorded, recomputed)
                        ? input
                        : differences.isEmpty() ? null : differences.get(0);
        if (fatal == null) {
            fatal = RecordRules.unordered(recorded);
        }
        if (fatal != null) {
            return ReplayFinding.diverged(entry, fatal);
        }
        double used = 0;
        ReplayFinding nearest = ReplayFinding.of(entry, ReplayVerdict.EQUIVALENT).within(0, 1);
        for (Difference each : differences) {
            if (explained(each)) {
                continue;
            }
            double allowed = allowed(each);
            if (!(each.distance() <= allowed)) {
                return ReplayFinding.diverged(entry, each).within(each.distance(), allowed);
            }
            if (each.distance() / allowed > used) {
                used = each.distance() / allowed;
                nearest = nearest.within(each.distance(), allowed);
            }
        }
        Difference inconsistent = inconsistent();
        return inconsistent == null ? nearest : ReplayFinding.diverged(entry, inconsistent);
    }

    /** Names of the arithmetic, and what is held against the record itself instead. */
    private boolean explained(Difference each) {
        return switch (each.field()) {
            case "stateBefore" -> link.begins();
            case "stateAfter", "alertState" -> true;
            case "reason" ->
                    new Leaves()
                            .addNumbers(recorded, recomputed)
                            .explain(recorded.getReason(), recomputed.getReason());
            default -> RecordRules.namesArithmetic(each);
        };
    }

    private double allowed(Difference each) {
        if (!each.numeric()) {
            return Double.NaN;
        }
        if (each.field().equals("evidence[0].logEvidence")) {
            return link.drift();
        }
        if (each.field().equals("evidence[1].logEvidence")) {
            return link.spectrum();
        }
        return bounds == null ? Double.NaN : bounds.of(each.field(), each.then(), each.now());
    }

    /** What does not fit within the record itself, null where all does. */
    private Difference inconsistent() {
        CertificateFindings findings = recorded.getFindings();
        if (findings != null) {
            ErrorTerms terms = findings.getEpsilon();
            double sum =
                    terms.getSketch()
                            + terms.getTruncation()
                            + terms.getRoundoff()
                            + terms.getSampling();
            if (!(Math.abs(sum - terms.getTotal()) <= SUM * sum)) {
                return fault("findings.epsilon.total", terms.getTotal(), sum);
            }
        }
        boolean same =
                Objects.equals(recorded.getAlertState(), recomputed.getAlertState())
                        && Objects.equals(recorded.getStateAfter(), recomputed.getStateAfter());
        if (same) {
            return null;
        }
        if (recorded.getAlertState() == null || recomputed.getAlertState() == null) {
            return fault("alertState", recorded.getAlertState(), "another");
        }
        try {
            return states(state(recorded), state(recomputed));
        } catch (CertificateFormatException e) {
            return fault("alertState", e.getMessage(), "");
        }
    }

    private static AlertState state(InterfaceCertificate certificate) {
        return AlertState.fromBytes(Bytes.of(certificate.getAlertState()));
    }

    private Difference states(AlertState a, AlertState b) {
        if (!a.digest().equals(recorded.getStateAfter())) {
            return fault("stateAfter", recorded.getStateAfter(), a.digest());
        }
        if (!a.standsAs(b)) {
            return fault("alertState", "other alerts stand", "");
        }
        if (!(a.drift().distance(b.drift()) <= link.drift()
                && a.spectrum().distance(b.spectrum()) <= link.spectrum())) {
            return fault("alertState", "evidence beyond what the scores explain", "");
        }
        if (!published(a.drift(), 0) || !published(a.spectrum(), 1)) {
            return fault("evidence", "not that of alertState", "");
        }
        return follows(a) ? null : fault("alertState", "does not follow from the one before", "");
    }

    private boolean published(Evidence evidence, int test) {
        if (recorded.getEvidence().size() <= test) {
            return true;
        }
        TestEvidence own = recorded.getEvidence().get(test);
        double log = evidence.logEvidence();
        return own.getLogEvidence() == null
                ? !Double.isFinite(log)
                : Math.abs(own.getLogEvidence() - log) <= SUM * Math.max(1, Math.abs(log));
    }

    /** Whether the recorded tests are those before them after the recorded scores. */
    private boolean follows(AlertState after) {
        InterfaceCertificate before = link.before();
        boolean known =
                before != null
                        && before.getAlertState() != null
                        && Objects.equals(before.getStateAfter(), recorded.getStateBefore());
        if (!known) {
            return true;
        }
        AlertState state = state(before);
        CertificateFindings findings = recorded.getFindings();
        return follows(
                        state.drift(),
                        after.drift(),
                        findings == null ? Double.NaN : findings.getDriftScore())
                && follows(
                        state.spectrum(),
                        after.spectrum(),
                        findings == null ? Double.NaN : findings.getSpectrumScore());
    }

    private static boolean follows(Evidence before, Evidence after, double score) {
        boolean reopened = after.steps() == 0 && after.epoch() == before.epoch() + 1;
        return reopened
                || after.distance(before) == 0
                || score >= 0
                        && score <= 1
                        && (after.distance(before.observe(score)) <= SUM
                                || after.distance(before.observe(cut(before, after, score)))
                                        <= CUT);
    }

    /**
     * What a large score counted as: the baseline cuts it, and the record does not say where. The
     * evidence grows with the score. How far the recomputed evidence may be away bounds a score
     * that was cut too low.
     */
    private static double cut(Evidence before, Evidence after, double score) {
        double low = 0;
        double high = score;
        for (int i = 0; i < Double.SIZE; i++) {
            double middle = low + (high - low) / 2;
            if (before.observe(middle).logEvidence() < after.logEvidence()) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static Difference fault(String field, Object then, Object now) {
        return new Difference(field, String.valueOf(then), String.valueOf(now), Double.NaN);
    }
}
