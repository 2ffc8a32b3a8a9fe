package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.admin.NotAllowedException;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.admin.TopicAdmin.TopicState;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code topics create} and {@code topics describe}. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Creates and describes the topics.")
final class TopicsCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Missing required subcommand: create or describe");
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Creates the topics that are missing; leaves the others as they are.")
    int create(
            @Mixin KafkaOptions kafka,
            @Option(
                            names = "--partitions",
                            defaultValue = "4",
                            description = "Shards: partitions of the sharded topics (default: 4).")
                    int partitions,
            @Option(
                            names = "--replication-factor",
                            defaultValue = "1",
                            description = "Replicas of each partition (default: 1).")
                    short replicationFactor)
            throws Exception {
        requirePositive("--partitions", partitions);
        requirePositive("--replication-factor", replicationFactor);
        try (Admin admin = kafka.connect()) {
            List<String> created =
                    new TopicAdmin(admin, kafka.topicPrefix())
                            .create(partitions, replicationFactor);
            created.forEach(name -> spec.commandLine().getOut().println("created " + name));
            if (created.isEmpty()) {
                spec.commandLine().getOut().println("all topics exist");
            }
            return 0;
        } catch (NotAllowedException e) {
            throw kafka.denied(e);
        }
    }

    @Command(
            name = "describe",
            mixinStandardHelpOptions = true,
            description = "Describes the topics; exit code 1 when one is missing or differs.")
    int describe(@Mixin KafkaOptions kafka) throws Exception {
        try (Admin admin = kafka.connect()) {
            List<TopicState> states = new TopicAdmin(admin, kafka.topicPrefix()).describe();
            for (TopicState state : states) {
                spec.commandLine()
                        .getOut()
                        .printf(
                                "%-28s %3d partitions x %d  %s%s%n",
                                state.name(),
                                state.partitions(),
                                state.replicationFactor(),
                                state.config(),
                                state.problems().isEmpty()
                                        ? ""
                                        : "  PROBLEM: " + String.join("; ", state.problems()));
            }
            return states.stream().allMatch(s -> s.problems().isEmpty()) ? 0 : Main.FAILED;
        } catch (NotAllowedException e) {
            throw kafka.denied(e);
        }
    }

    private void requirePositive(String option, int value) {
        if (value < 1) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be at least 1, found " + value);
        }
    }
}
