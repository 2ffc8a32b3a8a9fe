package io.spectrawatch.flink.monitor.attack;

import io.spectrawatch.flink.monitor.baseline.Judgement;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.message.GrowthSummary;
import io.spectrawatch.flink.monitor.pane.ClosedPane;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.gsvd.ShadowProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Turns the shadows of all shards into the growth of a model's pane, in shard order. */
public final class GrowthMerge {

    private final SubtaskKernels tools;

    public GrowthMerge(SubtaskKernels tools) {
        this.tools = tools;
    }

    /**
     * Takes a complete pane of a model.
     *
     * @param shards by shard, none where growth is not measured
     */
    public void take(
            ClosedPane pane, SortedMap<Integer, GrowthSummary> shards, Consumer<OutputRecord> out)
            throws InterruptedException {
        if (shards.isEmpty() || !pane.agreed()) {
            return;
        }
        Judgement judgement = tools.baselines().judge(pane.baselineId(), pane.model());
        if (judgement.refused() || judgement.baseline().detector().isEmpty()) {
            return;
        }
        Detector detector = judgement.baseline().detector().get();
        List<ShadowProfile> shadows = new ArrayList<>();
        for (GrowthSummary each : shards.values()) {
            shadows.add(detector.profile().shadow(each.shadow()));
        }
        out.accept(record(pane, ShadowProfile.growth(shadows)));
    }

    private static OutputRecord record(ClosedPane pane, ShadowProfile.Growth growth) {
        GainGrowth record =
                GainGrowth.newBuilder()
                        .setModelId(pane.model().model())
                        .setModelVersion(pane.model().version())
                        .setModelDigest(pane.model().digest())
                        .setSegment(pane.model().segment())
                        .setPaneStart(pane.pane().start())
                        .setPaneEnd(pane.pane().end())
                        .setBaselineId(pane.baselineId())
                        .setRows(growth.rows())
                        .setOutside(growth.outside())
                        .setViolations(growth.violations())
                        .setLogVolume(growth.logVolume())
                        .setLargestLogAxis(growth.largestLogAxis())
                        .setAngle(growth.angle())
                        .build();
        String key = pane.model().topicKey();
        return OutputRecord.of(Topics.SCORES, key, record, pane.pane().end());
    }
}
