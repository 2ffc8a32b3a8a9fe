package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.monitor.baseline.Detectors;
import io.spectrawatch.flink.monitor.baseline.Judgement;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.config.DetectSettings;
import io.spectrawatch.flink.monitor.config.MemoryCost;
import io.spectrawatch.flink.monitor.message.BeatSummary;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.monitor.message.StateNames;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.detect.attack.BeatCounts;
import io.spectrawatch.spectral.detect.attack.HeavyHitters;
import io.spectrawatch.spectral.detect.attack.StreamKind;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.pairs.NearPair;
import java.util.List;

/**
 * One model in one open pane of one shard as the detector of its baseline sees it: scores samples,
 * sends scores, and counts.
 *
 * <p>Samples are scored when a block is full, at every tick and before every checkpoint, so that
 * none lies in state. When that is does not show: scores do not depend on how rows are cut, and
 * everything is counted in the order of the log.
 */
public final class OpenScores {

    private static final String STATE_PREFIX = "scores/";

    private final ModelInput input;
    private final int shard;
    private final Detectors detection;
    private final Detectors.InForce detector;
    private final SampleBatch batch;
    private final SampleRecords records;

    /** Null where growth is not measured. */
    private final OpenGrowth growth;

    /** Null where requests are not compared. */
    private final OpenPairs pairs;

    private final HeavyHitters clients;
    private final long[] found;
    private long samples;
    private long unscored;
    private long exceedances;
    private long near;
    private long steep;

    /** What the beats before have told of. */
    private long toldSamples;

    private long toldExceedances;

    private OpenScores(
            ScoreSummary counts,
            ModelInput input,
            Detectors detection,
            Detectors.InForce detector,
            OpenGrowth growth,
            OpenPairs pairs) {
        this.input = input;
        this.growth = growth;
        this.pairs = pairs;
        this.shard = counts.shard();
        this.detection = detection;
        this.detector = detector;
        this.batch = new SampleBatch(detector.detector().taps(), detector.values());
        this.records = new SampleRecords(input, shard, detector.detector());
        this.clients = HeavyHitters.of(detection.settings().clientsPerShard(), counts.clients());
        this.found = counts.found().clone();
        this.samples = counts.samples();
        this.unscored = counts.unscored();
        this.exceedances = Math.max(0, counts.exceedances());
        this.near = counts.near();
        this.steep = counts.steep();
        this.toldSamples = counts.toldSamples();
        this.toldExceedances = counts.toldExceedances();
    }

    /** Begins a pane; null if its baseline has no detector or does not judge the model. */
    public static OpenScores open(ModelInput input, int shard, SubtaskKernels tools)
            throws InterruptedException {
        int kinds = SampleVerdict.Kind.values().length;
        ScoreSummary nothing =
                new ScoreSummary(
                        shard,
                        input.pane(),
                        input.model(),
                        input.baselineId(),
                        0,
                        0,
                        0,
                        new long[kinds],
                        0,
                        0,
                        0,
                        0,
                        List.of(),
                        0,
                        0);
        Detectors.InForce detector = detector(input, tools);
        if (detector == null) {
            return null;
        }
        Detectors detection = tools.detection();
        OpenGrowth growth =
                OpenGrowth.open(input, shard, detector.detector().profile(), detection.settings());
        OpenPairs pairs = OpenPairs.open(input, detector.detector(), detection.settings());
        return new OpenScores(nothing, input, detection, detector, growth, pairs);
    }

    private static Detectors.InForce detector(ModelInput input, SubtaskKernels tools)
            throws InterruptedException {
        Detectors detection = tools.detection();
        if (detection == null || input.baselineId() == null) {
            return null;
        }
        Judgement judgement = tools.baselines().judge(input.baselineId(), input.model());
        if (judgement.refused()) {
            return null;
        }
        return detection.of(judgement.baseline(), tools.kernels());
    }

    /** Reads a pane from state; null if it was not scored. */
    public static OpenScores restore(ModelInput input, ChunkedState state, SubtaskKernels tools)
            throws Exception {
        byte[] bytes = state.get(stateName(input));
        Detectors.InForce detector = bytes == null ? null : detector(input, tools);
        if (detector == null) {
            return null;
        }
        ScoreSummary counts = ScoreSummary.fromBytes(bytes);
        Detectors detection = tools.detection();
        OpenGrowth growth =
                OpenGrowth.restore(
                        input,
                        counts.shard(),
                        detector.detector().profile(),
                        detection.settings(),
                        state);
        OpenPairs pairs =
                OpenPairs.restore(input, detector.detector(), detection.settings(), state);
        return new OpenScores(counts, input, detection, detector, growth, pairs);
    }

    /** What is remembered of clients at most, as it is and in state. */
    public MemoryCost cost() {
        return pairs == null ? MemoryCost.NONE : new MemoryCost(2 * pairs.mostBytes(), 0);
    }

    /** Takes the samples of a checked snapshot. */
    public void append(ActivationSnapshot snapshot, long offset) {
        if (!batch.add(snapshot, offset)) {
            unscored++;
        }
        if (batch.rows() >= detector.scorer().blockRows()) {
            flush();
        }
    }

    /** Scores what waits. */
    public void flush() {
        if (batch.rows() == 0) {
            return;
        }
        // Scores without weight are there only where calibration kept them to be seen.
        Scored scored =
                growth == null && pairs == null
                        ? detector.scorer().measure(batch.activations())
                        : detector.scorer().measure(batch.activations(), this::mapped);
        for (int i = 0; i < scored.samples(); i++) {
            take(scored, i);
        }
        batch.clear();
        if (pairs != null) {
            pairs.clear();
        }
    }

    private void mapped(int sample, double norm, double[] row, double[] images, int at) {
        if (growth != null) {
            growth.row(norm, images, at);
        }
        if (pairs != null) {
            pairs.row(sample, norm, row, images, at);
        }
    }

    private void take(Scored scored, int i) {
        SampleBatch.Waiting sample = batch.samples().get(i);
        SampleVerdict verdict = scored.verdict(i);
        NearPair pair = pairs == null ? null : pairs.observe(i, sample, verdict);
        DetectSettings settings = detection.settings();
        SampleFinding finding = SampleFinding.of(sample, scored, i, pair, settings);
        count(finding);
        if (finding.found()) {
            found[finding.kind().ordinal()]++;
        }
        if (finding.found() || settings.publishes(sample.sample().getId())) {
            detection.send(records.scores(finding));
        }
    }

    private void count(SampleFinding finding) {
        boolean exceeds = finding.verdict().statistic() > detector.limit().limit();
        Sample sample = finding.sample().sample();
        String client =
                detection.settings().clientsByTenant()
                        ? ClientNames.ofTenant(sample)
                        : sample.getClient();
        samples++;
        exceedances += exceeds ? 1 : 0;
        near += finding.pair() != null ? 1 : 0;
        steep += finding.steep() ? 1 : 0;
        if (client != null) {
            clients.count(client, exceeds);
        }
    }

    /** Scores what waits and tells what came since the last beat, if anything did. */
    public void beat(long beat, ShardOutput out) {
        flush();
        if (samples > toldSamples) {
            BeatCounts counts =
                    StreamKind.counts(
                            samples - toldSamples, exceedances - toldExceedances, clients);
            out.beat(
                    new BeatSummary(
                            shard, beat, input.pane(), input.model(), input.baselineId(), counts));
            toldSamples = samples;
            toldExceedances = exceedances;
        }
    }

    /** Closes the pane: what waits is scored, and the counts go out. */
    public void summarise(ShardOutput out) {
        flush();
        out.scored(counts());
        if (growth != null) {
            out.grown(growth.summary());
        }
    }

    private ScoreSummary counts() {
        return new ScoreSummary(
                shard,
                input.pane(),
                input.model(),
                input.baselineId(),
                samples,
                unscored,
                exceedances,
                found.clone(),
                near,
                steep,
                toldSamples,
                toldExceedances,
                clients.entries(),
                detector.limit().references(),
                detector.limit().rank());
    }

    private static String stateName(ModelInput input) {
        return StateNames.of(STATE_PREFIX, input.pane(), input.model());
    }

    /** Writes the counts, after what waits is scored. */
    public void store(ChunkedState state) throws Exception {
        flush();
        state.put(stateName(input), counts().toBytes());
        if (growth != null) {
            growth.store(state);
        }
        if (pairs != null) {
            pairs.store(state);
        }
    }

    /** Removes what may lie in state, also where the pane is not scored any more. */
    public static void remove(ModelInput input, ChunkedState state) throws Exception {
        state.remove(stateName(input));
        OpenGrowth.remove(input, state);
        OpenPairs.remove(input, state);
    }
}
