package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.FailingReplay;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.SketchChunk;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import io.spectrawatch.spectral.sketch.DirectMoment;
import io.spectrawatch.spectral.sketch.Ledger;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.Sketches;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The job's graph on Flink's own cluster in this process, without Kafka. */
@SuppressWarnings("try") // Flink's iterator declares that closing may be interrupted.
class MonitorJobITCase {

    @Test
    void twoRunsOverTheSameLogGiveTheSameBytesAtAnyParallelism() throws Exception {
        List<ShardRecord> log = TestLog.standard(5).records();
        Map<String, List<String>> expected =
                Harnesses.byKey(Harnesses.output(Harnesses.config(5), log));
        for (int parallelism = 1; parallelism <= 2; parallelism++) {
            assertEquals(
                    expected,
                    Harnesses.byKey(run(log, 5, parallelism)),
                    "parallelism " + parallelism + "; " + TestLog.repeat());
        }
    }

    @Test
    void aFailureAfterACheckpointChangesNoByte() throws Exception {
        assertFailureChangesNothing("sketches", TestLog.standard(5).records());
    }

    /**
     * @param options supports by rank and a choice of channels instead of the defaults
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFailureAfterACheckpointChangesNoCertificateAndNoAlert(boolean options) throws Exception {
        String id = MemoryBaselines.add(options ? ranksOfChannels() : new ChainModel().baseline());
        ChainLog log =
                new ChainLog(5)
                        .activate(id)
                        .panes(2, new ChainModel())
                        .panes(20, new ChainModel().driftInput(2));
        Map<String, List<String>> out =
                assertFailureChangesNothing("drift " + options, log.records());
        assertTrue(out.keySet().stream().anyMatch(key -> key.startsWith("ALERTS ")));
        assertTrue(out.keySet().stream().anyMatch(key -> key.startsWith("CERTIFICATES ")));
    }

    private static ModelBaseline ranksOfChannels() {
        return new ChainModel()
                .baseline(
                        TestLog.DIGEST,
                        ChainModel.optionsByRank(),
                        new int[] {0, 1, 2, 3, 5, 8, 9, 10, 11});
    }

    private static Map<String, List<String>> assertFailureChangesNothing(
            String id, List<ShardRecord> log) throws Exception {
        StreamExecutionEnvironment env = environment(2);
        MonitorConfig config =
                Harnesses.config(
                        5, "checkpoint.interval.ms=20", "alert.streams=1", "alert.alpha=0.3");
        MonitorJob.configure(env, config);
        FailingReplay replay = FailingReplay.of(id, log);
        DataStream<ShardRecord> records =
                env.fromSource(
                                new NumberSequenceSource(0, replay.last()),
                                WatermarkStrategy.noWatermarks(),
                                "numbers")
                        .uid("numbers")
                        .setParallelism(1)
                        .flatMap(replay)
                        .returns(TypeInformation.of(ShardRecord.class))
                        .uid("replay")
                        .setParallelism(1);
        Map<String, List<String>> out =
                Harnesses.byKey(
                        collect(MonitorJob.pipeline(records, config, new MemoryBaselines())));
        assertEquals(1, FailingReplay.failures(id));
        assertEquals(Harnesses.byKey(Harnesses.output(config, log)), out, TestLog.repeat());
        return out;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void momentsAreThoseOfTheRowsWithinTheLedgerForAnyNumberOfShards(int shards) throws Exception {
        List<ShardRecord> log = TestLog.standard(shards).records();
        List<OutputRecord> out = run(log, shards, 2);
        int checked = 0;
        boolean truncated = false;
        try (Kernels kernels = KernelProviders.open(KernelChoice.HOST)) {
            for (int i = 0; i < out.size(); i++) {
                if (Wire.decode(out.get(i).value()) instanceof LayerSketch summary) {
                    SketchChunk chunk = Wire.decode(chunkOf(out, summary), SketchChunk.class);
                    byte[] bytes = new byte[chunk.getData().remaining()];
                    chunk.getData().get(bytes);
                    assertWithinLedger(summary, bytes, log, kernels);
                    truncated |= summary.getLedger().getShed() > 0;
                    checked++;
                }
            }
        }
        assertEquals(9, checked);
        assertTrue(truncated, "no sketch lost anything: the bound was not put to the test");
    }

    private static void assertWithinLedger(
            LayerSketch summary, byte[] bytes, List<ShardRecord> log, Kernels kernels) {
        try (SecondMomentSketch sketch = Sketches.fromBytes(bytes, kernels);
                DirectMoment direct = new DirectMoment(summary.getColumns(), kernels)) {
            for (ShardRecord record : log) {
                if (Wire.decode(record.value()) instanceof ActivationSnapshot snapshot
                        && snapshot.getCapturedAt() >= summary.getPaneStart()
                        && snapshot.getCapturedAt() < summary.getPaneEnd()) {
                    addRows(snapshot, summary, direct);
                }
            }
            assertEquals(direct.rows(), summary.getRows());
            Ledger ledger = sketch.ledger();
            double bound = Math.max(ledger.deltaPlus(), ledger.deltaMinus()) + ledger.roundoff();
            double distance = direct.distanceTo(sketch);
            assertTrue(
                    distance <= bound + direct.roundoff(),
                    summary.getLayer() + ": " + distance + " > " + bound + "; " + TestLog.repeat());
        }
    }

    private static void addRows(
            ActivationSnapshot snapshot, LayerSketch summary, DirectMoment direct) {
        for (Layer layer : snapshot.getLayers()) {
            if (layer.getName().equals(summary.getLayer()) && layer.getRows() > 0) {
                RowBlock block = new RowBlock(layer.getRows(), layer.getColumns());
                block.append(layer.getData(), ElementType.FLOAT32, 0, layer.getRows());
                direct.add(block);
            }
        }
    }

    private static byte[] chunkOf(List<OutputRecord> out, LayerSketch summary) {
        for (OutputRecord record : out) {
            if (Wire.decode(record.value()) instanceof SketchChunk chunk
                    && chunk.getDigest().equals(summary.getSketchDigest())) {
                return record.value();
            }
        }
        throw new AssertionError("no chunk of " + summary.getLayer());
    }

    private static List<OutputRecord> run(List<ShardRecord> log, int shards, int parallelism)
            throws Exception {
        StreamExecutionEnvironment env = environment(parallelism);
        MonitorConfig config = Harnesses.config(shards, "checkpoint.interval.ms=50");
        MonitorJob.configure(env, config);
        DataStream<ShardRecord> records =
                env.fromData(TypeInformation.of(ShardRecord.class), log.toArray(ShardRecord[]::new))
                        .uid("log")
                        .setParallelism(1);
        return collect(MonitorJob.pipeline(records, config, new MemoryBaselines()));
    }

    private static List<OutputRecord> collect(DataStream<OutputRecord> sketches) throws Exception {
        List<OutputRecord> out = new ArrayList<>();
        try (CloseableIterator<OutputRecord> records = sketches.executeAndCollect()) {
            records.forEachRemaining(out::add);
        }
        return out;
    }

    private static StreamExecutionEnvironment environment(int parallelism) {
        Configuration cluster = new Configuration();
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ZERO);
        return StreamExecutionEnvironment.createLocalEnvironment(parallelism, cluster);
    }
}
