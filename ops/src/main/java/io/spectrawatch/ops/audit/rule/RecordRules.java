package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.Manifest;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * What the rules of all types of records share.
 *
 * <p>The input has to be equal to the last byte, by the chains in the manifests. Records of the
 * same arithmetic have to be the same bytes: that is what naming it means. For others a number has
 * to be within what the recomputed record allows, and a field for which no rule is written has to
 * be equal, so that one that is added is compared from its first day on.
 */
public final class RecordRules {

    /** Images this close to the boundary of a profile may fall on either side of it. */
    private static final double GROWTH_COUNTS = 1e-3;

    /** How far the logarithms of a grown profile depend on which points were kept. */
    private static final double GROWTH_LOGARITHMS = 0.05;

    /**
     * What names the arithmetic: a replay elsewhere cannot tell whether the names are true. They
     * show in the report, of both sides.
     */
    private static final List<String> ARITHMETIC =
            List.of(
                    "manifest.numerics.provider",
                    "manifest.numerics.library",
                    "manifest.numerics.libraryVersion",
                    "manifest.numerics.coreName",
                    "manifest.numerics.device",
                    "manifest.numerics.threads",
                    "manifest.numerics.javaVersion");

    private RecordRules() {}

    /** Whether a difference is only in the names of the arithmetic. */
    static boolean namesArithmetic(Difference difference) {
        return ARITHMETIC.stream().anyMatch(difference::under);
    }

    /** The manifest of a record, null where it has none. */
    public static Manifest manifest(IndexedRecord record) {
        Schema.Field field = record.getSchema().getField("manifest");
        return field == null ? null : (Manifest) record.get(field.pos());
    }

    /** Whether both records name the same arithmetic. */
    public static boolean sameArithmetic(IndexedRecord recorded, IndexedRecord recomputed) {
        Manifest a = manifest(recorded);
        Manifest b = manifest(recomputed);
        return a != null
                && b != null
                && Difference.between(a.getNumerics(), b.getNumerics()).isEmpty();
    }

    /**
     * The first difference that no rule is written for; the first at all between records of the
     * same arithmetic.
     *
     * @param numbers paths that a rule is written for
     */
    static Difference fatal(IndexedRecord recorded, IndexedRecord recomputed, Pattern numbers) {
        boolean same = sameArithmetic(recorded, recomputed);
        Difference fatal =
                first(
                        Difference.between(recorded, recomputed),
                        each ->
                                same
                                        || !namesArithmetic(each)
                                                && !numbers.matcher(each.field()).matches());
        return fatal == null ? unordered(recorded) : fatal;
    }

    /** The first interval of a record whose estimate is outside it, null where there is none. */
    static Difference unordered(IndexedRecord record) {
        return unordered("", record);
    }

    private static Difference unordered(String path, Object value) {
        if (value instanceof Collection<?> list) {
            int place = 0;
            for (Object each : list) {
                Difference found = unordered(path + '[' + place++ + ']', each);
                if (found != null) {
                    return found;
                }
            }
        }
        if (!(value instanceof IndexedRecord record)) {
            return null;
        }
        Double lower = number(record, "lower");
        Double estimate = number(record, "estimate");
        Double upper = number(record, "upper");
        boolean holds =
                estimate == null
                        || (lower == null || lower <= estimate)
                                && (upper == null || estimate <= upper);
        if (!holds) {
            return new Difference(path, record.toString(), "an ordered interval", Double.NaN);
        }
        for (Schema.Field field : record.getSchema().getFields()) {
            String name = path.isEmpty() ? field.name() : path + '.' + field.name();
            Difference found = unordered(name, record.get(field.pos()));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static Double number(IndexedRecord record, String name) {
        Schema.Field field = record.getSchema().getField(name);
        return field != null && record.get(field.pos()) instanceof Double value ? value : null;
    }

    /**
     * The same rows; what other arithmetic puts on the other side of the boundary may differ. No
     * theorem bounds how the points kept depend on rounding: the bounds are chosen.
     */
    public static ReplayFinding growth(Entry recorded, Entry recomputed) {
        GainGrowth a = (GainGrowth) recorded.decoded();
        GainGrowth b = (GainGrowth) recomputed.decoded();
        double counts = Math.max(1, GROWTH_COUNTS * b.getRows());
        Difference fatal =
                first(
                        Difference.between(a, b),
                        each ->
                                !switch (each.field()) {
                                    case "outside" ->
                                            Math.abs(a.getOutside() - b.getOutside()) <= counts;
                                    case "violations" ->
                                            Math.abs(a.getViolations() - b.getViolations())
                                                    <= counts;
                                    case "logVolume", "largestLogAxis" ->
                                            each.distance() <= GROWTH_LOGARITHMS;
                                    // Nearly equal axes have any direction: only the range is held.
                                    case "angle" -> each.then() >= 0 && each.then() <= Math.PI / 2;
                                    default -> false;
                                });
        if (fatal != null) {
            return ReplayFinding.diverged(recorded, fatal);
        }
        return ReplayFinding.of(recorded, ReplayVerdict.EQUIVALENT)
                .within(Math.abs(a.getLogVolume() - b.getLogVolume()), GROWTH_LOGARITHMS);
    }

    /** Counts and what follows from them, and all of one arithmetic: equal or not. */
    public static ReplayFinding exact(Entry recorded, Entry recomputed) {
        Difference fatal =
                first(
                        Difference.between(recorded.decoded(), recomputed.decoded()),
                        difference -> true);
        return ReplayFinding.diverged(
                recorded,
                fatal == null
                        ? new Difference("encoding", "other bytes", "the same content", Double.NaN)
                        : fatal);
    }

    /** Whether two records of panes were made of the same input. */
    public static Difference inputDifference(Entry recorded, Entry recomputed) {
        return inputDifference(recorded, recomputed.decoded());
    }

    public static Difference inputDifference(Entry recorded, IndexedRecord recomputed) {
        return first(
                Difference.between(recorded.decoded(), recomputed),
                difference -> difference.under("manifest.shards"));
    }

    private static Difference first(List<Difference> all, Predicate<Difference> rule) {
        return all.stream().filter(rule).findFirst().orElse(null);
    }
}
