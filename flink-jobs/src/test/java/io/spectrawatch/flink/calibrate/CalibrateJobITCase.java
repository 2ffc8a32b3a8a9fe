package io.spectrawatch.flink.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.calibrate.config.CalibrateConfig;
import io.spectrawatch.flink.calibrate.config.CalibrationException;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/** Both stages as jobs on Flink's own cluster in this process, without Kafka. */
class CalibrateJobITCase {

    private static final int SHARDS = 3;

    @Test
    void everyParallelismGivesTheBaselineOfOneSubtask() throws Exception {
        ReferenceLog log = ReferenceLog.standard(SHARDS, 160);
        CalibrateConfig config = ReferenceLog.config(SHARDS);
        String expected =
                CalibrateJob.run(
                                config.settings(),
                                log.range(),
                                new HarnessStages(config, log.records()),
                                null)
                        .baseline()
                        .id();
        for (int parallelism = 1; parallelism <= 4; parallelism *= 2) {
            assertEquals(
                    expected,
                    calibrate(log, config, parallelism).baseline().id(),
                    "parallelism " + parallelism + "; " + TestLog.repeat());
        }
    }

    @Test
    void whatStopsAnOperatorReachesThePerson() {
        ReferenceLog log = ReferenceLog.standard(2, 2);
        CalibrationException e =
                assertThrows(
                        CalibrationException.class,
                        () -> calibrate(log, ReferenceLog.config(SHARDS), 1));
        assertTrue(
                e.getMessage().startsWith("the calibration failed: shard 0, offset 0: a tick of"),
                e.getMessage());
    }

    @Test
    void batchModeIsRefused() {
        StreamExecutionEnvironment env = environment(1);
        env.setRuntimeMode(RuntimeExecutionMode.BATCH);
        assertThrows(
                IllegalArgumentException.class,
                () -> new FlinkStages(env, ReferenceLog.config(1), flink -> null));
    }

    private static CalibrationResult calibrate(
            ReferenceLog log, CalibrateConfig config, int parallelism) throws Exception {
        return CalibrateJob.run(
                config.settings(),
                log.range(),
                new FlinkStages(
                        environment(parallelism),
                        config,
                        flink ->
                                flink.fromData(
                                                TypeInformation.of(ShardRecord.class),
                                                log.records().toArray(ShardRecord[]::new))
                                        .setParallelism(1)),
                null);
    }

    private static StreamExecutionEnvironment environment(int parallelism) {
        return StreamExecutionEnvironment.createLocalEnvironment(parallelism, new Configuration());
    }
}
