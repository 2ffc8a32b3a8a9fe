package io.spectrawatch.ops.demo.stack;

import io.spectrawatch.ingest.capture.CaptureIds;
import io.spectrawatch.ingest.capture.CaptureSession;
import io.spectrawatch.ingest.capture.CaptureSettings;
import io.spectrawatch.ingest.capture.MiniLm;
import io.spectrawatch.ingest.capture.ModelTap;
import io.spectrawatch.ingest.capture.RowSelection;
import io.spectrawatch.ingest.capture.SnapshotPublisher;
import io.spectrawatch.ingest.capture.TextEncoder;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Sample;
import java.util.ArrayList;
import java.util.List;

/** One capture of the transformer per shard, used in turn. */
public final class ShardCaptures {

    /** Keeps a snapshot of eight long sentences below the largest record, so none is split. */
    private static final int MAX_ROWS_PER_SENTENCE = 64;

    private final List<CaptureSession> sessions = new ArrayList<>();

    /**
     * @param prefix of the captures' ids; another one for another start
     */
    public ShardCaptures(
            ModelTap tap, TextEncoder encoder, SnapshotPublisher publisher, String prefix) {
        CaptureSettings settings =
                CaptureSettings.defaults(MiniLm.MODEL_ID, MiniLm.MODEL_VERSION)
                        .withRows(
                                RowSelection.defaults()
                                        .withMaxRowsPerSample(MAX_ROWS_PER_SENTENCE));
        for (int shard = 0; shard < DemoStack.SHARDS; shard++) {
            String id = captureIdOf(shard, prefix);
            sessions.add(
                    CaptureSession.ofText(tap, encoder, publisher, settings.withCaptureId(id)));
        }
    }

    /** A captureId that Kafka's default partitioner puts on the shard. */
    public static String captureIdOf(int shard, String prefix) {
        return CaptureIds.onShard(shard, DemoStack.SHARDS, prefix);
    }

    /** Runs the model once, on the turn of snapshot number {@code number}. */
    public List<ActivationSnapshot> snapshots(
            int number, List<Sample> samples, List<String> texts, long time) {
        return sessions.get(number % sessions.size()).snapshots(samples, texts, time);
    }
}
