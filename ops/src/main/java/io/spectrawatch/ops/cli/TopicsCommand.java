package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.admin.NotAllowedException;
import io.spectrawatch.ops.admin.TopicAdmin;
import io.spectrawatch.ops.admin.TopicAdmin.TopicState;
import io.spectrawatch.ops.admin.TopicPlan;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.process.ExitCodes;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
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
            description =
                    "Creates the topics that are missing; leaves the others as they are, and names"
                            + " what differs from the catalogue or from what is asked for (exit"
                            + " code 1).")
    int create(
            @Mixin KafkaOptions kafka,
            @Option(
                            names = "--partitions",
                            paramLabel = "P",
                            description =
                                    "Shards: partitions of the sharded topics (default: those of"
                                            + " the topics that exist, else 4).")
                    Integer partitions,
            @Option(
                            names = "--output-partitions",
                            paramLabel = "N",
                            description =
                                    "Partitions of sketches, certificates, scores and alerts; what"
                                            + " is of one model version goes to one (default: those"
                                            + " of the topics that exist, else 1).")
                    Integer outputs,
            @Option(
                            names = "--replication-factor",
                            paramLabel = "N",
                            description =
                                    "Replicas of each partition (default: those of the topics that"
                                            + " exist, else 1).")
                    Short replicationFactor)
            throws Exception {
        requirePositive("--partitions", partitions == null ? 1 : partitions);
        requirePositive("--output-partitions", outputs == null ? 1 : outputs);
        requirePositive("--replication-factor", replicationFactor == null ? 1 : replicationFactor);
        try (Admin admin = kafka.connect()) {
            TopicAdmin topics = new TopicAdmin(admin, kafka.topicPrefix());
            TopicPlan plan = TopicPlan.of(known(topics), partitions, outputs, replicationFactor);
            PrintWriter out = spec.commandLine().getOut();
            if (!plan.differences().isEmpty()) {
                plan.differences().forEach(out::println);
                out.println(
                        "nothing was created: another number of partitions is a new epoch, see"
                                + " Another number of partitions in ops/docs/operations.md");
                return ExitCodes.FAILED;
            }
            List<String> created = topics.create(plan, Map.of());
            created.forEach(name -> out.println("created " + name));
            if (created.isEmpty()) {
                out.println("all topics exist");
            }
            return report(known(topics), out);
        } catch (NotAllowedException e) {
            throw kafka.denied(e);
        }
    }

    /** What exists; whoever may create but not look has nothing to compare with. */
    private static List<TopicState> known(TopicAdmin topics) throws Exception {
        try {
            return topics.describe();
        } catch (NotAllowedException e) {
            return List.of();
        }
    }

    private static int report(List<TopicState> states, PrintWriter out) {
        int code = 0;
        for (TopicState state : states) {
            if (!state.problems().isEmpty()) {
                out.println(state.name() + ": " + String.join("; ", state.problems()));
                code = ExitCodes.FAILED;
            }
        }
        return code;
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
            return states.stream().allMatch(s -> s.problems().isEmpty()) ? 0 : ExitCodes.FAILED;
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
