package io.spectrawatch.flink.monitor.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class ShardMetricsTest {

    /** Keeps what is counted by its groups and name. */
    private static final class Kept extends UnregisteredMetricsGroup {
        private final String path;
        private final Map<String, Counter> all;

        private Kept(String path, Map<String, Counter> all) {
            this.path = path;
            this.all = all;
        }

        @Override
        public MetricGroup addGroup(String name) {
            return new Kept(path + name + "/", all);
        }

        @Override
        public MetricGroup addGroup(String key, String value) {
            return new Kept(path + key + "=" + value + "/", all);
        }

        @Override
        public Counter counter(String name) {
            Counter made = super.counter(name);
            all.put(path + name, made);
            return made;
        }
    }

    @Test
    void samplesThatAreNotScoredAreCountedByReason() {
        Map<String, Counter> all = new TreeMap<>();
        ShardMetrics metrics = new ShardMetrics(new Kept("", all));
        ModelInput input = ModelInput.start(new Pane(0, 10), new ModelKey("m", "1", "d"));
        ScoreSummary scores = ScoreSummary.nothing(0, input.withBaseline("baseline"));
        scores.left()[ScoreSummary.Unscored.OTHER_TAP.ordinal()] = 5;
        scores.left()[ScoreSummary.Unscored.OTHER_LAYERS.ordinal()] = 2;

        metrics.scored(scores);
        metrics.scored(scores);

        String place = "spectrawatch/reason=%s/samplesUnscored";
        assertEquals(10, all.get(String.format(place, "OTHER_TAP")).getCount());
        assertEquals(4, all.get(String.format(place, "OTHER_LAYERS")).getCount());
        assertEquals(0, all.get("spectrawatch/samplesScored").getCount());
    }
}
