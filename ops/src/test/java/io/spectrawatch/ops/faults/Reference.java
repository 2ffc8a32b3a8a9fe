package io.spectrawatch.ops.faults;

import io.spectrawatch.flink.baseline.BaselineCatalogue;
import io.spectrawatch.flink.baseline.BaselineOrigin;
import io.spectrawatch.flink.baseline.BaselinePublisher;
import io.spectrawatch.flink.baseline.KafkaBaselines;
import io.spectrawatch.ops.cli.Main;
import io.spectrawatch.schemas.BaselineEntry;
import io.spectrawatch.schemas.OffsetRange;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Baselines of the synthetic model, by the command that operators use. */
final class Reference {

    private Reference() {}

    /** Publishes a baseline of the log as it is. */
    static BaselineEntry calibrate(Map<String, Object> client, String prefix, String... more)
            throws IOException {
        Map<Integer, Long> ends = Topic.ends(client, Topics.VALIDATED, prefix);
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("calibrate", "--model", Synthetic.MODEL));
        arguments.addAll(List.of("--bootstrap-server", client.get("bootstrap.servers").toString()));
        arguments.addAll(List.of("--topic-prefix", prefix));
        arguments.addAll(List.of("--from-offsets", offsets(ends, false)));
        arguments.addAll(List.of("--to-offsets", offsets(ends, true)));
        arguments.addAll(List.of("--window-rank", "4", "--groups", "2"));
        arguments.addAll(List.of("-D", "minimum.rows=100", "-D", "pool.rows=100"));
        arguments.addAll(List.of("-D", "kernels=host"));
        arguments.addAll(List.of(more));
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        if (Main.execute(out, out, arguments.toArray(String[]::new)) != 0) {
            throw new AssertionError("no baseline: " + said);
        }
        return BaselineCatalogue.read(client, prefix).entries().get(0);
    }

    /** The binary form of a published baseline. */
    static byte[] load(Map<String, Object> client, String prefix, String id) throws IOException {
        return new KafkaBaselines(client, prefix, Duration.ofSeconds(30)).load(id);
    }

    /** Publishes a baseline that was calibrated elsewhere. */
    static BaselineEntry publish(Map<String, Object> client, String prefix, byte[] baseline)
            throws IOException {
        return new BaselinePublisher(client, prefix)
                .publish(
                        baseline,
                        new BaselineOrigin(
                                Synthetic.MODEL,
                                Synthetic.VERSION,
                                Synthetic.DIGEST,
                                List.of(new OffsetRange(0, 0L, 0L)),
                                1,
                                Map.of()));
    }

    /** Offsets as the settings of jobs take them: the ends, or 0 for every shard. */
    static String offsets(Map<Integer, Long> ends, boolean end) {
        List<String> offsets = new ArrayList<>();
        ends.forEach((shard, offset) -> offsets.add(shard + ":" + (end ? offset : 0)));
        return String.join(",", offsets);
    }
}
