package io.spectrawatch.ops.audit;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.monitor.MonitorRecords;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.ops.audit.record.Bytes;
import io.spectrawatch.ops.audit.record.Entries;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.rule.RecordRules;
import io.spectrawatch.schemas.AuditRecord;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.NumericConfig;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.specific.SpecificRecord;

/** The monitor's records of one log by one arithmetic or another, as an audit reads them. */
final class Runs {

    static final int SHARDS = 2;

    private Runs() {}

    /** As if read from the topics, or out of a replay. */
    static List<Entry> entries(List<OutputRecord> records, boolean recorded) {
        List<AuditRecord> read = new ArrayList<>();
        for (OutputRecord each : records) {
            long offset = recorded ? read.size() : Entries.NO_OFFSET;
            read.add(Entries.record(each.topic(), offset, each.key(), each.value()));
        }
        return Entries.of(read);
    }

    static List<Entry> recorded(List<ShardRecord> log, String... settings) throws Exception {
        return entries(MonitorRecords.of(log, SHARDS, settings), true);
    }

    static List<Entry> recomputed(List<ShardRecord> log, String... settings) throws Exception {
        return entries(MonitorRecords.of(log, SHARDS, settings), false);
    }

    /** The same numbers under the settings of another run, as a replay takes them from a record. */
    static List<Entry> underSettingsOf(List<Entry> other, List<Entry> entries) {
        NumericConfig settings =
                other.stream()
                        .map(each -> RecordRules.manifest(each.decoded()))
                        .filter(each -> each != null)
                        .findFirst()
                        .orElseThrow()
                        .getNumerics();
        List<AuditRecord> records = new ArrayList<>();
        for (Entry entry : entries) {
            AuditRecord record = entry.record();
            if (RecordRules.manifest(entry.decoded()) != null) {
                SpecificRecord copy = copy(entry.decoded());
                Manifest manifest =
                        copy instanceof LayerSketch sketch
                                ? sketch.getManifest()
                                : ((InterfaceCertificate) copy).getManifest();
                manifest.getNumerics().put("blockRows", settings.getBlockRows());
                manifest.getNumerics().put("settings", settings.getSettings());
                manifest.getNumerics().put("coreName", "another order of summation");
                record = with(record, copy);
            }
            records.add(record);
        }
        return Entries.of(records);
    }

    static SpecificRecord copy(SpecificRecord record) {
        return Wire.decode(Wire.encode(record));
    }

    static AuditRecord with(AuditRecord record, SpecificRecord content) {
        return Entries.record(
                Topics.valueOf(record.getTopic().toUpperCase(Locale.ROOT)),
                record.getOffset(),
                Bytes.of(record.getKey()),
                Wire.encode(content));
    }
}
