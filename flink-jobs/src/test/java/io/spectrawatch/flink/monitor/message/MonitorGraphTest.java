package io.spectrawatch.flink.monitor.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.monitor.Harnesses;
import io.spectrawatch.flink.monitor.MonitorJob;
import io.spectrawatch.flink.monitor.record.OutputRecord;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.streaming.api.graph.StreamingJobGraphGenerator;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;

class MonitorGraphTest {

    /** State is found by these: a change loses the state of every running job. */
    @Test
    void operatorIdsArePinned() {
        StreamGraph graph = graph(new Configuration());
        Map<String, String> uids = new TreeMap<>();
        for (StreamNode node : graph.getStreamNodes()) {
            uids.put(node.getTransformationUID(), node.getOperatorName());
        }
        assertEquals(
                Map.of(
                        "validated-source", "Source: validated log",
                        "accepted-snapshots", "accepted snapshots",
                        "shard-monitor", "shard monitor",
                        "window-merger", "window merger",
                        "sketches-sink", "output: Writer",
                        "Sink Committer: sketches-sink", "output: Committer"),
                uids);
    }

    @Test
    void everyOperatorHasTheHashOfItsUid() {
        JobGraph job = StreamingJobGraphGenerator.createJobGraph(graph(new Configuration()));
        StringBuilder ids = new StringBuilder();
        for (JobVertex vertex : job.getVerticesSortedTopologicallyFromSources()) {
            vertex.getOperatorIDs()
                    .forEach(pair -> ids.append(pair.getGeneratedOperatorID()).append('\n'));
        }
        assertEquals(
                """
                9263d6024b24043d8934ef83c1e2d9b7
                032826e110ecbc3a2632c9693bf08bd7
                36f1732196774cc6b531898d1c8f5feb
                320340c499126235531b12d238570a3d
                1742c5547ad6abd8cea05f3716a28300
                2815fb392b47ef0bf4453acd132ff635
                """,
                ids.toString());
    }

    /** Chained, so that no activation is copied from task to task. */
    @Test
    void snapshotsAreSketchedInTheTaskThatFetchesThem() {
        JobGraph job = StreamingJobGraphGenerator.createJobGraph(graph(new Configuration()));
        assertEquals(
                1,
                job.getVerticesSortedTopologicallyFromSources().stream()
                        .filter(each -> each.getName().contains("accepted snapshots"))
                        .filter(each -> each.getName().contains("shard monitor"))
                        .count());
    }

    @Test
    void nothingFallsBackToKryo() {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(ShardRecord.class);
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(ShardMessage.class);
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(OutputRecord.class);
    }

    @Test
    void messagesCrossTheNetworkAsTheyAre() throws Exception {
        TypeSerializer<ShardMessage> serializer =
                TypeInformation.of(ShardMessage.class)
                        .createSerializer(new SerializerConfigImpl(new Configuration()));
        ModelKey model = new ModelKey("m", "1", "abc");
        EntryId part = EntryId.ofLayer(new Pane(0, 10), new LayerId(model, 3, "a", 2), 5);
        EntryId input = EntryId.ofInput(new Pane(0, 10), model, 5);
        for (ShardMessage message :
                List.of(
                        ShardMessage.of(4, part, new byte[] {1, 2}),
                        ShardMessage.of(4, input, new byte[] {1, 2}),
                        ShardMessage.of(4, ShardMessage.Kind.CLOSED, new byte[] {1, 2}))) {
            DataOutputSerializer out = new DataOutputSerializer(64);
            serializer.serialize(message, out);
            ShardMessage read =
                    serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
            assertArrayEquals(message.payload(), read.payload());
            assertEquals(
                    message,
                    new ShardMessage(read.bucket(), read.kind(), read.entry(), message.payload()));
        }
    }

    /** Messages have no versioned form, so no checkpoint may hold one, whatever a cluster wants. */
    @Test
    void checkpointsAreAligned() {
        Configuration cluster = new Configuration();
        cluster.set(CheckpointingOptions.ENABLE_UNALIGNED, true);
        StreamExecutionEnvironment env = environment(cluster);
        MonitorJob.build(env, Harnesses.config(2));
        assertEquals(false, env.getConfiguration().get(CheckpointingOptions.ENABLE_UNALIGNED));
        assertEquals(false, env.getCheckpointConfig().isUnalignedCheckpointsEnabled());
    }

    @Test
    void batchModeIsRefused() {
        Configuration batch = new Configuration();
        batch.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.BATCH);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> graph(batch));
        assertEquals(
                "execution.runtime-mode must be STREAMING, also for a bounded replay, found BATCH",
                e.getMessage());
    }

    @Test
    void theClustersRestartStrategyStays() {
        Configuration cluster = new Configuration();
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        assertEquals("fixed-delay", restartStrategy(cluster));
        assertEquals("exponential-delay", restartStrategy(new Configuration()));
    }

    private static String restartStrategy(Configuration cluster) {
        StreamExecutionEnvironment env = environment(cluster);
        MonitorJob.build(env, Harnesses.config(2));
        return env.getConfiguration().get(RestartStrategyOptions.RESTART_STRATEGY);
    }

    private static StreamGraph graph(Configuration cluster) {
        StreamExecutionEnvironment env = environment(cluster);
        MonitorJob.build(env, Harnesses.config(2, "source.offsets.end=0:10,1:10"));
        return env.getStreamGraph();
    }

    private static StreamExecutionEnvironment environment(Configuration cluster) {
        return StreamExecutionEnvironment.getExecutionEnvironment(cluster);
    }
}
