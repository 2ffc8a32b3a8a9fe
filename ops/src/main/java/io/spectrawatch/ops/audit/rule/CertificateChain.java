package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.TestEvidence;
import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The certificates of each interface in the order of their panes, on both sides: what came before
 * each, and how far rounding may have taken its sequential tests apart.
 *
 * <p>A test's log wealth after a pool is that before it plus log(1 + lambda (u - mu0)), lambda at
 * most 0.9 / mu0; sums of exponentials in the logarithm are 1-Lipschitz in the largest difference,
 * so what one score may differ by adds to the sum of all since the two states were the same.
 */
public final class CertificateChain {

    /**
     * One certificate beside its recomputation.
     *
     * @param before the recorded certificate before it, null where the range has none
     * @param recomputedBefore the same of the other side
     * @param begins whether the states before it are the same, or those that the certificates
     *     before left
     * @param drift most that the logarithms of the drift test's evidence are apart
     * @param spectrum the same of the spectrum test
     */
    public record Link(
            InterfaceCertificate before,
            InterfaceCertificate recomputedBefore,
            boolean begins,
            double drift,
            double spectrum) {}

    /** The largest bet, in units of 1 / mu0. */
    private static final double MOST_BET = 0.9;

    private final Map<String, Link> links = new HashMap<>();

    /**
     * Pairs certificates.
     *
     * @param recorded by identity; other records are passed over
     * @param recomputed likewise
     */
    public CertificateChain(Map<String, Entry> recorded, Map<String, Entry> recomputed) {
        Map<String, List<Entry>> byInterface = new TreeMap<>();
        for (Entry entry : recorded.values()) {
            if (entry.decoded() instanceof InterfaceCertificate each
                    && recomputed.containsKey(entry.identity())) {
                String name =
                        Topics.inSegment(
                                Topics.key(each.getModelDigest(), each.getInterfaceName()),
                                each.getSegment());
                byInterface.computeIfAbsent(name, n -> new ArrayList<>()).add(entry);
            }
        }
        for (List<Entry> own : byInterface.values()) {
            own.sort(
                    Comparator.comparingLong(Entry::paneEnd)
                            .thenComparingLong(Entry::paneStart)
                            .thenComparing(Entry::identity));
            link(own, recomputed);
        }
    }

    /** The link of a pair that both sides have. */
    public Link of(Entry recorded) {
        return links.get(recorded.identity());
    }

    private void link(List<Entry> own, Map<String, Entry> recomputed) {
        InterfaceCertificate before = null;
        InterfaceCertificate otherBefore = null;
        double drift = 0;
        double spectrum = 0;
        for (Entry entry : own) {
            InterfaceCertificate a = (InterfaceCertificate) entry.decoded();
            InterfaceCertificate b =
                    (InterfaceCertificate) recomputed.get(entry.identity()).decoded();
            boolean same = Objects.equals(a.getStateBefore(), b.getStateBefore());
            boolean follows =
                    before != null
                            && Objects.equals(a.getStateBefore(), before.getStateAfter())
                            && Objects.equals(b.getStateBefore(), otherBefore.getStateAfter());
            boolean fed = b.getFindings() != null;
            CertificateBounds bounds = fed ? new CertificateBounds(b) : null;
            drift =
                    (same ? 0 : drift)
                            + (fed
                                    ? step(b, 0, b.getFindings().getDriftScore(), bounds.drift())
                                    : 0);
            spectrum =
                    (same ? 0 : spectrum)
                            + (fed
                                    ? step(
                                            b,
                                            1,
                                            b.getFindings().getSpectrumScore(),
                                            bounds.spectrum())
                                    : 0);
            links.put(
                    entry.identity(),
                    new Link(before, otherBefore, same || follows, drift, spectrum));
            before = a;
            otherBefore = b;
        }
    }

    private static double step(InterfaceCertificate b, int test, double score, double apart) {
        if (b.getEvidence().size() <= test) {
            return 0;
        }
        TestEvidence evidence = b.getEvidence().get(test);
        double tolerance = evidence.getTolerance();
        double bet = MOST_BET / tolerance;
        double high = Math.min(score + apart, 1);
        double low = Math.max(score - apart, 0);
        return Math.log1p(bet * (high - tolerance)) - Math.log1p(bet * (low - tolerance)) + 1e-12;
    }
}
