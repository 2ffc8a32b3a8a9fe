package io.spectrawatch.ops.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.admin.TopicAdmin.TopicState;
import io.spectrawatch.schemas.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerITCase {

    @TempDir private Path folder;

    @Test
    void topicsOutliveAKilledBroker() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder)) {
            try (Admin admin = admin(broker)) {
                TopicAdmin topics = new TopicAdmin(admin, "t.");
                assertEquals(Topics.values().length, topics.create(3, (short) 1).size());
                assertEquals(List.of(), topics.create(3, (short) 1));
            }

            broker.kill();
            broker.restart();

            try (Admin admin = admin(broker)) {
                List<TopicState> states = new TopicAdmin(admin, "t.").describe();
                assertTrue(states.stream().allMatch(s -> s.problems().isEmpty()), states::toString);
                assertEquals(3, states.get(Topics.VALIDATED.ordinal()).partitions());
                assertEquals(1, states.get(Topics.ALERTS.ordinal()).partitions());
            }
        }
    }

    @Test
    void aTopicThatDiffersFromTheCatalogueIsNamed() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder);
                Admin admin = admin(broker)) {
            TopicAdmin topics = new TopicAdmin(admin, "t.");
            topics.create(2, (short) 1, Map.of("message.timestamp.type", "CreateTime"));

            TopicState activations = topics.describe().get(Topics.ACTIVATIONS.ordinal());

            assertEquals(
                    List.of("message.timestamp.type: expected LogAppendTime, found CreateTime"),
                    activations.problems());
            assertEquals(
                    List.of("does not exist"),
                    new TopicAdmin(admin, "other.").describe().get(0).problems());
        }
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }
}
