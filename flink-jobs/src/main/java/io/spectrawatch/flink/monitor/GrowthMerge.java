package io.spectrawatch.flink.monitor;

import io.spectrawatch.schemas.GainGrowth;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.detect.Detector;
import io.spectrawatch.spectral.gsvd.ShadowProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Turns the shadows of all shards into the growth of a model's pane, in shard order. */
final class GrowthMerge {

    private final SketchTools tools;

    GrowthMerge(SketchTools tools) {
        this.tools = tools;
    }

    /**
     * Takes a complete pane of a model.
     *
     * @param shards by shard, none where growth is not measured
     */
    void take(PaneOfModel pane, SortedMap<Integer, PaneGrowth> shards, Consumer<OutputRecord> out)
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
        for (PaneGrowth each : shards.values()) {
            shadows.add(detector.profile().shadow(each.shadow()));
        }
        out.accept(record(pane, ShadowProfile.growth(shadows)));
    }

    private static OutputRecord record(PaneOfModel pane, ShadowProfile.Growth growth) {
        GainGrowth record =
                GainGrowth.newBuilder()
                        .setModelId(pane.model().model())
                        .setModelVersion(pane.model().version())
                        .setModelDigest(pane.model().digest())
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
        String key = Topics.key(pane.model().model(), pane.model().version());
        return OutputRecord.of(Topics.SCORES, key, record, pane.pane().end());
    }
}
