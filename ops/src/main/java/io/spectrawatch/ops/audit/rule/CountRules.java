package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.ops.audit.record.Bytes;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.Wire;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;

/**
 * What holds of the counts of refused and late records, which not every recorded manifest has.
 *
 * <p>A release that did not count wrote records without these fields. They are held against the
 * recomputed record as that release would have written it, and so are those of a release that did
 * not say where a sample comes from and which of its rows spoke, or what the blocks of an alignment
 * matrix weigh. The first records of a release that counts may have the fields without a number,
 * because their panes were open when it began to count: then a recomputed number stands against
 * nothing, and all else is compared.
 */
public final class CountRules {

    private static final Pattern COUNTS =
            Pattern.compile(
                    "manifest\\.(refusedRecords|lateRecords|shards\\[\\d+]\\.countedFromOffset)"
                            + "|rows|(context|speaking|examples|findings\\.blocks)\\b.*");

    private static final String REFUSED = "manifest.refusedRecords";

    private CountRules() {}

    /**
     * The recomputed record as the release that wrote the recorded one would have written it, where
     * that leaves out nothing but counts; else as it is.
     */
    public static Entry asRecorded(Entry recorded, Entry recomputed) {
        byte[] then = Bytes.of(recorded.record().getValue());
        byte[] now = Bytes.of(recomputed.record().getValue());
        boolean earlier =
                recorded.decoded().getClass() == recomputed.decoded().getClass()
                        && !Arrays.equals(then, 0, Wire.HEADER_BYTES, now, 0, Wire.HEADER_BYTES);
        if (!earlier) {
            return recomputed;
        }
        byte[] written;
        try {
            written = Wire.encodedLike(then, now);
        } catch (IllegalArgumentException e) {
            // That release knew no such content.
            return recomputed;
        }
        SpecificRecord decoded = Wire.decode(written);
        boolean countsAlone =
                Difference.between(recomputed.decoded(), decoded).stream()
                        .allMatch(each -> COUNTS.matcher(each.field()).matches());
        return countsAlone ? recomputed.with(written) : recomputed;
    }

    /** Whether a recorded manifest has no counts where the recomputed one has. */
    public static boolean uncounted(Entry recorded, Entry recomputed) {
        Manifest then = RecordRules.manifest(recorded.decoded());
        Manifest now = RecordRules.manifest(recomputed.decoded());
        return then != null && now != null && isWithout(then) && !isWithout(now);
    }

    private static boolean isWithout(Manifest manifest) {
        return manifest.getRefusedRecords() == null
                && manifest.getLateRecords() == null
                && manifest.getShards().stream()
                        .allMatch(each -> each.getCountedFromOffset() == null);
    }

    /** The record without counts, its maps in the order in which they are decoded. */
    public static Entry withoutCounts(Entry entry) {
        SpecificRecord copy = Wire.decode(Bytes.of(entry.record().getValue()));
        Manifest manifest = RecordRules.manifest(copy);
        manifest.put(position("refusedRecords"), null);
        manifest.put(position("lateRecords"), null);
        for (ShardInput each : manifest.getShards()) {
            each.put(ShardInput.getClassSchema().getField("countedFromOffset").pos(), null);
        }
        return entry.with(Wire.encode(copy));
    }

    private static int position(String field) {
        return Manifest.getClassSchema().getField(field).pos();
    }

    /** What is found about a record that has no counts, all else compared. */
    public static ReplayFinding uncounted(Entry recorded, Entry recomputed, ReplayFinding allElse) {
        return allElse.verdict() == ReplayVerdict.DIVERGED
                ? allElse
                : ReplayFinding.of(
                        recorded,
                        ReplayVerdict.INCOMPLETE,
                        REFUSED,
                        "not counted",
                        RecordRules.manifest(recomputed.decoded()).getRefusedRecords().toString());
    }

    /** Whether a record is incomplete only because it has no counts. */
    public static boolean isUncounted(ReplayFinding finding) {
        return finding.verdict() == ReplayVerdict.INCOMPLETE && REFUSED.equals(finding.field());
    }
}
