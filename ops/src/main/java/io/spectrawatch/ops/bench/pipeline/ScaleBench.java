package io.spectrawatch.ops.bench.pipeline;

import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Runs ingest and the monitor over the same number of rows while one thing grows: layers of a
 * snapshot, shards, models. Each run has a broker of its own; the first warms the compiler up and
 * does not count.
 */
public final class ScaleBench {

    private static final String SKETCH = LayerSketch.getClassSchema().getFullName();

    private final ScaleOptions options;
    private final PipelineOptions base;
    private final Consumer<String> progress;
    private final List<ScaleReport.Run> runs = new ArrayList<>();

    private ScaleBench(ScaleOptions options, PipelineOptions base, Consumer<String> progress) {
        this.options = options;
        this.base = base;
        this.progress = progress;
    }

    /**
     * Runs everything in temporary folders.
     *
     * @param base what does not grow; its layers, shards, models and snapshots do not count
     * @param progress is told in a line what begins
     * @throws java.io.IOException if a broker or a service does not start
     */
    public static ScaleReport run(
            ScaleOptions options, PipelineOptions base, Consumer<String> progress)
            throws Exception {
        return new ScaleBench(options, base, progress).all();
    }

    private ScaleReport all() throws Exception {
        int layers = options.layers().get(0);
        int shards = options.shards().get(0);
        int models = options.models().get(0);
        progress.accept("warming up ...");
        measured("", layers, sent(layers, shards, models));
        vary("layers", options.layers(), each -> sent(each, shards, models));
        vary("shards", options.shards(), each -> sent(layers, each, models));
        vary("models", options.models(), each -> sent(layers, shards, each));
        return new ScaleReport(base.columns(), base.rowsPerSnapshot(), List.copyOf(runs));
    }

    private PipelineOptions sent(int layers, int shards, int models) {
        long perSnapshot = (long) layers * base.rowsPerSnapshot();
        return new PipelineOptions(
                base.columns(),
                layers,
                base.rowsPerSnapshot(),
                base.rowsPerSample(),
                (int) Math.max(1, options.rows() / perSnapshot),
                base.elementType(),
                shards,
                base.parallelism(),
                base.logForm(),
                models,
                base.seed());
    }

    private void vary(String what, List<Integer> numbers, IntFunction<PipelineOptions> sent)
            throws Exception {
        if (numbers.size() < 2) {
            return;
        }
        ScaleReport.Run first = null;
        for (int number : numbers) {
            progress.accept(number + " " + what + " ...");
            ScaleReport.Run run = measured(what, number, sent.apply(number));
            first = first == null ? run : first;
            double overFirst = run.cpuSecondsPerMillionRows() / first.cpuSecondsPerMillionRows();
            runs.add(
                    new ScaleReport.Run(
                            what,
                            number,
                            run.snapshots(),
                            run.sketches(),
                            run.ingest(),
                            run.sketch(),
                            overFirst));
        }
    }

    private static ScaleReport.Run measured(String what, int number, PipelineOptions sent)
            throws Exception {
        return BenchRig.with(
                sent,
                rig -> {
                    BenchTopics topics = rig.topics("scale.");
                    topics.create();
                    topics.fill(new BenchSnapshots(sent));
                    StageCost ingest = rig.ingestAll(topics);
                    JobStages jobs = rig.jobs(topics, Map.of());
                    StageCost sketch = rig.cost(topics, () -> jobs.monitor(null));
                    return new ScaleReport.Run(
                            what,
                            number,
                            sent.snapshots(),
                            sketches(rig, topics),
                            ingest,
                            sketch,
                            1);
                });
    }

    private static long sketches(BenchRig rig, BenchTopics topics) throws IOException {
        long[] count = {0};
        try (TopicRange range = new TopicRange(rig.client(), topics.name(Topics.SKETCHES))) {
            for (int partition = 0; partition < range.partitions(); partition++) {
                range.read(
                        partition,
                        range.beginning(partition),
                        range.end(partition),
                        record -> count[0] += Wire.isA(record.value(), SKETCH) ? 1 : 0);
            }
        }
        return count[0];
    }
}
