package io.spectrawatch.ops.audit;

import static io.spectrawatch.ops.audit.RecordedRun.END;
import static io.spectrawatch.ops.audit.RecordedRun.LATENESS;
import static io.spectrawatch.ops.audit.RecordedRun.PANE;
import static io.spectrawatch.ops.audit.RecordedRun.PANES;
import static io.spectrawatch.ops.audit.RecordedRun.SHARDS;
import static io.spectrawatch.ops.audit.RecordedRun.SNAPSHOTS;
import static io.spectrawatch.ops.audit.RecordedRun.START;

import io.spectrawatch.flink.monitor.ChainModel;
import io.spectrawatch.flink.monitor.MonitorJob;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.ops.FirstSnapshots;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * A log of both versions of snapshots, with samples in parts, and a monitor that is stopped in the
 * middle of it.
 */
final class PartedRun {

    /** Number of the pane in which a part comes whose sample nobody saw begin. */
    static final int LOST = 6;

    /** What that sample is called. */
    static final String LOST_ID = "lost";

    /** Start of the first pane that is judged. */
    static final long JUDGED = START + 2 * PANE;

    private static final int PARTS = 4;

    private final RecordedRun run;
    private final Map<String, Object> client;
    private final Path folder;

    PartedRun(RecordedRun run, Map<String, Object> client, Path folder) {
        this.run = run;
        this.client = client;
        this.folder = folder;
    }

    /**
     * Goes on with the log: every third snapshot is of the first version, the others hold a part of
     * a sample of four, of which every fifth never ends. The model is judged from the third pane
     * on; of one sample in {@link #LOST} the beginning never came.
     *
     * @param from number of the first pane to write
     * @param to behind the last one
     */
    void write(String prefix, String baselineId, int from, int to) throws Exception {
        Random random = new Random(5 + from);
        ChainModel calm = new ChainModel();
        ChainModel drifted = new ChainModel().driftInput(2);
        try (KafkaProducer<byte[], byte[]> kafka = run.producer()) {
            if (from == 0) {
                run.tick(kafka, prefix, START);
                for (int shard = 0; shard < SHARDS; shard++) {
                    run.send(kafka, prefix, shard, RecordedRun.activate(baselineId, JUDGED, null));
                }
            }
            for (int pane = from; pane < to; pane++) {
                ChainModel model = pane < PANES / 2 ? calm : drifted;
                for (int i = 0; i < SNAPSHOTS; i++) {
                    long at = START + pane * PANE + i * PANE / SNAPSHOTS;
                    int number = (pane * SNAPSHOTS + i) / SHARDS;
                    sendParted(kafka, prefix, i % SHARDS, number, model.snapshot(at, random));
                }
                if (pane == LOST) {
                    long at = START + (pane + 1) * PANE - 1;
                    ActivationSnapshot rest =
                            ChainModel.parted(calm.snapshot(at, random), LOST_ID, 2, true);
                    run.send(kafka, prefix, 0, rest);
                }
                run.tick(kafka, prefix, START + (pane + 1) * PANE);
            }
            if (to == PANES) {
                run.tick(kafka, prefix, END + LATENESS);
            }
        }
    }

    private void sendParted(
            KafkaProducer<byte[], byte[]> kafka,
            String prefix,
            int shard,
            int number,
            ActivationSnapshot snapshot) {
        if (number % 3 == 0) {
            run.send(kafka, prefix, shard, FirstSnapshots.encode(snapshot), true);
            return;
        }
        int turn = number - 1 - number / 3;
        int sample = turn / PARTS;
        int part = turn % PARTS;
        boolean last = part == PARTS - 1 && sample % 5 != 4;
        String id = "long-" + shard + "-" + sample;
        run.send(kafka, prefix, shard, ChainModel.parted(snapshot, id, part, last));
    }

    /**
     * Runs the monitor until it has published so many sketches, and stops it with a savepoint.
     *
     * @param from savepoint of a former run, null to begin with the log
     */
    String monitorUntil(String prefix, int sketches, String from) throws Exception {
        Configuration flink = new Configuration();
        if (from != null) {
            flink.set(StateRecoveryOptions.SAVEPOINT_PATH, from);
        }
        Map<String, String> settings = RecordedRun.settings(prefix);
        settings.put("checkpoint.interval.ms", "200");
        settings.put("checkpoint.dir", folder.resolve(prefix).toUri().toString());
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(2, flink);
        MonitorJob.build(env, MonitorConfig.fromMap(settings, client));
        JobClient job = env.executeAsync(prefix);
        while (sketches(prefix) < sketches) {
            if (job.getJobStatus().get().isGloballyTerminalState()) {
                throw new AssertionError("the job has ended: " + job.getJobStatus().get());
            }
            Thread.sleep(200);
        }
        String target = folder.resolve(prefix + "savepoints").toUri().toString();
        String savepoint =
                job.stopWithSavepoint(false, target, SavepointFormatType.CANONICAL).get();
        job.getJobExecutionResult().get();
        return savepoint;
    }

    private long sketches(String prefix) {
        return run.records(prefix, Topics.SKETCHES).stream()
                .filter(record -> Wire.isA(record.value(), LayerSketch.class.getName()))
                .count();
    }
}
