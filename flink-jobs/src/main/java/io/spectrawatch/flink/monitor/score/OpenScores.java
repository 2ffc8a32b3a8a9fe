package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.log.SegmentPieces.Piece;
import io.spectrawatch.flink.monitor.baseline.Detectors;
import io.spectrawatch.flink.monitor.baseline.Judgement;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.config.DetectSettings;
import io.spectrawatch.flink.monitor.config.MemoryCost;
import io.spectrawatch.flink.monitor.message.BeatSummary;
import io.spectrawatch.flink.monitor.message.RankedSample;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.monitor.message.StateNames;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelInput;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.detect.attack.BeatCounts;
import io.spectrawatch.spectral.detect.attack.HeavyHitters;
import io.spectrawatch.spectral.detect.attack.StreamKind;
import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import io.spectrawatch.spectral.detect.combine.Scored;
import io.spectrawatch.spectral.detect.pairs.NearPair;
import java.util.ArrayList;
import java.util.List;

/**
 * One model in one open pane of one shard as the detector of its baseline sees it: scores samples,
 * sends scores, and counts.
 *
 * <p>Rows are scored when a block is full, at every tick and before every checkpoint, so that none
 * lies in state, but sums over those of samples whose last part has not come. When that is does not
 * show: scores do not depend on how rows are cut, and everything is counted in the order of the
 * log. Growth is that of the rows scored, in the pane of their sample.
 */
public final class OpenScores {

    private static final String STATE_PREFIX = "scores/";
    private static final String OPEN_PREFIX = "open-samples/";

    private final ModelInput input;
    private final int shard;
    private final Detectors detection;
    private final Detectors.InForce detector;
    private final SampleIntake intake;
    private final SampleRecords records;

    /** Null where growth is not measured. */
    private final OpenGrowth growth;

    /** Null where requests are not compared. */
    private final OpenPairs pairs;

    /** Null where trails are not followed. */
    private final OpenTrails trails;

    private final HeavyHitters clients;
    private final List<RankedSample> suspicious;
    private final long[] found;
    private long samples;
    private long unscored;
    private long exceedances;
    private long near;
    private long steep;
    private long incomplete;
    private final long[] left;

    /** What the beats before have told of. */
    private long toldSamples;

    private long toldExceedances;

    /** Whether open samples lie in state. */
    private boolean stored;

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
        this.intake =
                new SampleIntake(
                        detector,
                        detection.settings().openSamples(),
                        pairs == null ? 0 : pairs.sumBytes());
        this.records = new SampleRecords(input, shard, detector.detector());
        this.trails =
                pairs == null
                        ? null
                        : OpenTrails.of(
                                input, detector.detector(), detection.settings(), counts.trails());
        this.clients = HeavyHitters.of(detection.settings().clientsPerShard(), counts.clients());
        this.found = counts.found().clone();
        this.samples = counts.samples();
        this.unscored = counts.unscored();
        this.exceedances = Math.max(0, counts.exceedances());
        this.near = counts.near();
        this.steep = counts.steep();
        this.toldSamples = counts.toldSamples();
        this.toldExceedances = counts.toldExceedances();
        this.incomplete = counts.incomplete();
        this.suspicious = new ArrayList<>(counts.suspicious());
        this.left = counts.left().clone();
    }

    /** Begins a pane; null if its baseline has no detector or does not judge the model. */
    public static OpenScores open(ModelInput input, int shard, SubtaskKernels tools)
            throws InterruptedException {
        Detectors.InForce detector = detector(input, tools);
        if (detector == null) {
            return null;
        }
        Detectors detection = tools.detection();
        OpenGrowth growth =
                OpenGrowth.open(input, shard, detector.detector().profile(), detection.settings());
        OpenPairs pairs = OpenPairs.open(input, detector.detector(), detection.settings());
        return new OpenScores(
                ScoreSummary.nothing(shard, input), input, detection, detector, growth, pairs);
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
        OpenScores restored = new OpenScores(counts, input, detection, detector, growth, pairs);
        byte[] open = state.get(openName(input));
        if (open != null) {
            restored.intake.open().restore(open, detector.scorer());
            restored.stored = true;
        }
        return restored;
    }

    /** What is remembered of clients and of open samples at most, as it is and in state. */
    public MemoryCost cost() {
        long bytes = intake.open().mostBytes() + (pairs == null ? 0 : pairs.mostBytes());
        return new MemoryCost(2 * bytes, 0);
    }

    /**
     * Takes samples of a checked snapshot.
     *
     * @param others the model's other open panes on the shard, in which samples may have begun that
     *     go on here
     * @param cut whether they may also have begun in panes that a replay does not know; then those
     *     without a beginning are left to these
     */
    public void append(Piece piece, long offset, List<OpenScores> others, boolean cut) {
        SampleIntake.Taken taken =
                intake.append(piece, offset, place -> join(piece, place, offset, others) || cut);
        unscored += taken.scored() ? 0 : 1;
        if (taken.reason() != null) {
            left[taken.reason().ordinal()] += taken.left();
        }
        flushIfFull();
    }

    /** Takes the parts of samples that began in open panes, where their own pane is not scored. */
    public static void join(Piece piece, long offset, List<OpenScores> others) {
        List<Sample> samples = piece.snapshot().getSamples();
        for (int place = 0; place < samples.size(); place++) {
            if (samples.get(place).getPart() > 0) {
                join(piece, place, offset, others);
            }
        }
    }

    private static boolean join(Piece piece, int place, long offset, List<OpenScores> others) {
        for (OpenScores other : others) {
            if (other.intake.join(piece, place, offset)) {
                other.flushIfFull();
                return true;
            }
        }
        return false;
    }

    private void flushIfFull() {
        if (intake.isFull()) {
            flush();
        }
    }

    /** Scores what waits. */
    public void flush() {
        List<OpenSample> ended =
                intake.score(growth == null && pairs == null ? null : this::mapped);
        if (ended.isEmpty()) {
            return;
        }
        // Scores without weight are there only where calibration kept them to be seen.
        Scored scored = detector.scorer().scored(ended.stream().map(OpenSample::sums).toList());
        for (int i = 0; i < scored.samples(); i++) {
            if (ended.get(i).ending() == null) {
                take(ended.get(i), scored, i);
            } else {
                incomplete++;
                SampleFinding rest = SampleFinding.incomplete(ended.get(i), scored, i);
                detection.send(records.scores(rest));
            }
        }
    }

    private void mapped(OpenSample sample, double norm, double[] row, double[] images, int at) {
        if (growth != null) {
            growth.row(norm, images, at);
        }
        if (pairs != null && sample.sums().mapped() != null) {
            pairs.row(sample.sums().mapped(), row, images, at);
        }
    }

    private void take(OpenSample sample, Scored scored, int i) {
        SampleVerdict verdict = scored.verdict(i);
        NearPair pair = pairs == null ? null : pairs.observe(sample, verdict);
        DetectSettings settings = detection.settings();
        boolean searching = trails != null && trails.observe(sample.sample(), pair);
        SampleFinding finding = SampleFinding.of(sample, scored, i, pair, searching, settings);
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
        RankedSample.add(suspicious, new RankedSample(client, finding.example(shard)));
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
                            shard,
                            beat,
                            input.pane(),
                            input.model(),
                            input.baselineId(),
                            counts,
                            RankedSample.first(suspicious)));
            toldSamples = samples;
            toldExceedances = exceedances;
        }
    }

    /** Closes the pane: what waits is scored, what is open ends, and the counts go out. */
    public void summarise(ShardOutput out) {
        intake.close();
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
                detector.limit().rank(),
                incomplete,
                List.copyOf(suspicious),
                left.clone(),
                trails == null ? List.of() : trails.entries());
    }

    private static String stateName(ModelInput input) {
        return StateNames.of(STATE_PREFIX, input.pane(), input.model());
    }

    private static String openName(ModelInput input) {
        return StateNames.of(OPEN_PREFIX, input.pane(), input.model());
    }

    /** Writes the counts and what is open, after what waits is scored. */
    public void store(ChunkedState state) throws Exception {
        flush();
        state.put(stateName(input), counts().toBytes());
        boolean any = !intake.open().isEmpty();
        if (any) {
            state.put(openName(input), intake.open().toBytes());
        } else if (stored) {
            state.remove(openName(input));
        }
        stored = any;
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
        state.remove(openName(input));
        OpenGrowth.remove(input, state);
        OpenPairs.remove(input, state);
    }
}
