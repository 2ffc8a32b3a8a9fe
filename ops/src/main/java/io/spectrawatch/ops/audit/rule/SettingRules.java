package io.spectrawatch.ops.audit.rule;

import io.spectrawatch.ops.audit.record.Bytes;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.record.ReplaySettings;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.NumericConfig;
import io.spectrawatch.schemas.Wire;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;

/**
 * What holds of settings that an earlier release did not record.
 *
 * <p>A replay runs with what that release computed with, and its records say so. They are held
 * against the recorded ones as that release would have written them; a setting that was recorded
 * has to be the same.
 */
public final class SettingRules {

    private SettingRules() {}

    /** The recomputed record without the settings that the recorded one could not name yet. */
    public static Entry asRecorded(Entry recorded, Entry recomputed) {
        Set<String> missing = missing(recorded, recomputed);
        if (missing.isEmpty()) {
            return recomputed;
        }
        SpecificRecord copy = Wire.decode(Bytes.of(recomputed.record().getValue()));
        NumericConfig numerics = RecordRules.manifest(copy).getNumerics();
        Map<String, String> settings = new TreeMap<>(numerics.getSettings());
        settings.keySet().removeAll(missing);
        numerics.put(NumericConfig.getClassSchema().getField("settings").pos(), settings);
        byte[] then = Bytes.of(recorded.record().getValue());
        return recomputed.with(Wire.encodedLike(then, Wire.encode(copy)));
    }

    private static Set<String> missing(Entry recorded, Entry recomputed) {
        Manifest then = RecordRules.manifest(recorded.decoded());
        Manifest now = RecordRules.manifest(recomputed.decoded());
        if (then == null || now == null) {
            return Set.of();
        }
        Set<String> missing = new TreeSet<>(now.getNumerics().getSettings().keySet());
        missing.removeAll(then.getNumerics().getSettings().keySet());
        missing.retainAll(ReplaySettings.SINCE.keySet());
        return missing;
    }
}
