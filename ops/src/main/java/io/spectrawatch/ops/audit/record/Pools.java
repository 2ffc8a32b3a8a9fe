package io.spectrawatch.ops.audit.record;

import io.spectrawatch.schemas.InterfaceCertificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the pools of an audited range begin, which is before the range itself where a pool does.
 *
 * @param since start of the first pane to replay, microseconds
 * @param last per interface the certificate that its first pool follows, where there is one
 */
public record Pools(long since, List<InterfaceCertificate> last) {

    /**
     * Goes back from the range to the end of the pool before it, for each interface.
     *
     * <p>The interfaces of a baseline switch at the same pane. So if one has to be replayed from a
     * switch or across it, all are; those of a segment's baseline by themselves.
     *
     * @param certificates of the model, all that are recorded
     */
    static Pools before(Scope scope, List<Entry> certificates) {
        Map<String, Map<String, List<InterfaceCertificate>>> bySegment = new TreeMap<>();
        for (Entry entry : certificates) {
            InterfaceCertificate each = (InterfaceCertificate) entry.decoded();
            String segment = each.getSegment() == null ? "" : each.getSegment();
            bySegment
                    .computeIfAbsent(segment, s -> new TreeMap<>())
                    .computeIfAbsent(
                            each.getModelDigest() + '/' + each.getInterfaceName(),
                            name -> new ArrayList<>())
                    .add(each);
        }
        long limit = scope.from();
        while (true) {
            Pools all = new Pools(limit, List.of());
            boolean enough = true;
            for (Map<String, List<InterfaceCertificate>> own : bySegment.values()) {
                Pools found = before(scope, own, limit);
                enough &= found.since() == limit || together(found, own);
                all = all.and(found);
            }
            if (all.since() == limit || enough) {
                return all;
            }
            limit = all.since();
        }
    }

    private Pools and(Pools other) {
        List<InterfaceCertificate> both = new ArrayList<>(last);
        both.addAll(other.last);
        return new Pools(Math.min(since, other.since), List.copyOf(both));
    }

    /** The ends of the pools before those that a limit or the range cuts. */
    private static Pools before(
            Scope scope, Map<String, List<InterfaceCertificate>> byInterface, long limit) {
        List<InterfaceCertificate> last = new ArrayList<>();
        long since = limit;
        for (List<InterfaceCertificate> own : byInterface.values()) {
            InterfaceCertificate before = lastBefore(need(own, scope, limit), own);
            if (before != null) {
                last.add(before);
            }
            since = Math.min(since, before == null ? first(own) : before.getPaneEnd());
        }
        return new Pools(since, List.copyOf(last));
    }

    /** Whether all interfaces go on from a pool of one baseline, or all begin. */
    private static boolean together(
            Pools found, Map<String, List<InterfaceCertificate>> byInterface) {
        return found.last.isEmpty()
                || found.last.size() == byInterface.size()
                        && agree(found.last, found.since, byInterface);
    }

    /** Start of the earliest pool of an interface that ends in the range, or the limit. */
    private static long need(List<InterfaceCertificate> own, Scope scope, long limit) {
        long need = limit;
        for (InterfaceCertificate each : own) {
            if (each.getPaneEnd() > limit && each.getPaneEnd() <= scope.to()) {
                need = Math.min(need, each.getPaneStart());
            }
        }
        return need;
    }

    private static InterfaceCertificate lastBefore(long need, List<InterfaceCertificate> own) {
        InterfaceCertificate last = null;
        for (InterfaceCertificate each : own) {
            boolean ended = endsPool(each) && each.getPaneEnd() <= need;
            if (ended && (last == null || each.getPaneEnd() >= last.getPaneEnd())) {
                last = each;
            }
        }
        return last;
    }

    /** A pane that gave an interface no rows is refused too, and ends no pool. */
    private static boolean endsPool(InterfaceCertificate each) {
        return each.getRows() > 0 && each.getAlertState() != null;
    }

    private static long first(List<InterfaceCertificate> own) {
        return own.stream().mapToLong(InterfaceCertificate::getPaneStart).min().orElseThrow();
    }

    /** Whether no switch of baselines lies between the ends of the pools. */
    private static boolean agree(
            List<InterfaceCertificate> last,
            long since,
            Map<String, List<InterfaceCertificate>> byInterface) {
        if (last.isEmpty()) {
            return true;
        }
        String baseline = last.get(0).getBaselineId();
        long latest = since;
        for (InterfaceCertificate each : last) {
            latest = Math.max(latest, each.getPaneEnd());
            if (!each.getBaselineId().equals(baseline)) {
                return false;
            }
        }
        for (List<InterfaceCertificate> own : byInterface.values()) {
            for (InterfaceCertificate each : own) {
                boolean between = each.getPaneStart() >= since && each.getPaneEnd() <= latest;
                if (between && !baseline.equals(each.getBaselineId())) {
                    return false;
                }
            }
        }
        return true;
    }
}
