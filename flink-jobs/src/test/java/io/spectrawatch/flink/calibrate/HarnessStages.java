package io.spectrawatch.flink.calibrate;

import io.spectrawatch.flink.calibrate.config.CalibrateConfig;
import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.flink.calibrate.stage.CalibrationMessage;
import io.spectrawatch.flink.calibrate.stage.Merge;
import io.spectrawatch.flink.calibrate.stage.RangeReader;
import io.spectrawatch.flink.calibrate.stage.ShardConsumer;
import io.spectrawatch.flink.calibrate.stage.ShardMerger;
import io.spectrawatch.flink.calibrate.stage.Slots;
import io.spectrawatch.flink.calibrate.stage.Stages;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.SpreadKeys;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/** Both operators of a stage in Flink's harness, one subtask each, without a cluster. */
@SuppressWarnings("try") // Harnesses declare that closing may be interrupted.
record HarnessStages(CalibrateConfig config, List<ShardRecord> log) implements Stages {

    @Override
    public List<byte[]> run(String name, ShardConsumer.Factory shards, Merge.Factory merges)
            throws CalibrationException {
        try {
            return merged(summaries(shards), merges);
        } catch (Exception e) {
            throw new CalibrationException("stage " + name + ": " + e.getMessage(), e);
        }
    }

    List<CalibrationMessage> summaries(ShardConsumer.Factory shards) throws Exception {
        CalibrateSettings settings = config.settings();
        SpreadKeys keys = new SpreadKeys(config.shards(), config.maxParallelism());
        try (var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new RangeReader(settings, shards),
                        (ShardRecord record) -> keys.key(record.shard()),
                        Types.INT,
                        config.maxParallelism(),
                        1,
                        0)) {
            harness.open();
            for (ShardRecord record : log) {
                harness.processElement(record, 0);
            }
            harness.endInput();
            return harness.extractOutputValues();
        }
    }

    List<byte[]> merged(List<CalibrationMessage> messages, Merge.Factory merges) throws Exception {
        SpreadKeys keys = new SpreadKeys(Slots.COUNT, config.maxParallelism());
        try (var harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new ShardMerger(config.settings(), merges),
                        (CalibrationMessage message) -> keys.key(message.slot()),
                        Types.INT,
                        config.maxParallelism(),
                        1,
                        0)) {
            harness.open();
            for (CalibrationMessage message : messages) {
                harness.processElement(message, 0);
            }
            harness.endInput();
            return harness.extractOutputValues().stream().map(CalibrationMessage::payload).toList();
        }
    }
}
