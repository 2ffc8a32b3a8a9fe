package io.spectrawatch.ops.evaluate;

import io.spectrawatch.flink.log.DetectorLayers;
import io.spectrawatch.flink.log.SnapshotCheck;
import io.spectrawatch.ops.topic.TopicRange;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads recorded snapshots once and deals their samples out to the reference, the clean and the
 * attacked ones. A sample that is selected as attacked is never taken for a clean one. One in parts
 * is taken as a whole, and left out where not all of them are selected alike.
 */
final class RecordedSamples {

    /** Fitting holds the rows about twice. */
    private static final double MAXIMUM_HEAP_SHARE = 0.25;

    private final RecordedOptions options;
    private final RecordedTaps taps;
    private final RecordedSet reference = new RecordedSet("--reference");
    private final RecordedSet clean = new RecordedSet("--clean");
    private final List<RecordedSet> attacked = new ArrayList<>();
    private final List<RecordedRange> ranges = new ArrayList<>();
    private final List<Selection> selections = new ArrayList<>();
    private final SnapshotCheck check = new SnapshotCheck(Integer.MAX_VALUE);
    private final Set<String> seen = new HashSet<>();
    private final SampleJoin join = new SampleJoin();
    private String model;
    private String version;
    private long bytes;
    private int leftOut;
    private String firstLeftOut;

    RecordedSamples(RecordedOptions options) {
        this.options = options;
        this.taps = new RecordedTaps(options.layers(), options.logits());
        this.model = options.model();
        this.version = options.version();
        selections.addAll(options.attacked());
        selections.addAll(options.reference());
        selections.add(options.clean());
        options.attacked()
                .forEach(each -> attacked.add(new RecordedSet("--attacked " + each.name())));
    }

    /**
     * Reads everything that is selected.
     *
     * @return the offsets that were read, by partition
     * @throws IllegalArgumentException if the snapshots do not fit together
     */
    List<String> read(TopicRange topic) throws IOException {
        for (Selection selection : selections) {
            ranges.add(RecordedRange.of(selection, topic));
        }
        List<String> offsets = new ArrayList<>();
        for (int p = 0; p < topic.partitions(); p++) {
            int partition = p;
            long from = ranges.stream().mapToLong(r -> r.starts()[partition]).min().orElse(0);
            long to = ranges.stream().mapToLong(r -> r.ends()[partition]).max().orElse(0);
            if (from < to) {
                topic.read(partition, from, to, this::take);
            }
            offsets.add(partition + ":" + from + "-" + Math.max(from, to));
        }
        end();
        return offsets;
    }

    /** Behind the last snapshot. */
    void end() {
        join.end();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        List<Integer> holding =
                IntStream.range(0, ranges.size())
                        .filter(i -> ranges.get(i).holds(record.partition(), record.offset()))
                        .boxed()
                        .toList();
        if (holding.isEmpty()) {
            return;
        }
        String at = "partition " + record.partition() + ", offset " + record.offset() + ": ";
        ActivationSnapshot snapshot = decode(record.value(), at);
        if (snapshot == null || !isOfModel(snapshot)) {
            return;
        }
        String refusal = check.refusal(snapshot);
        if (refusal != null) {
            leaveOut(at + refusal);
        } else if (!seen.add(snapshot.getCaptureId() + "/" + snapshot.getSequence())) {
            leaveOut(at + "a snapshot that was there before");
        } else {
            deal(snapshot, holding, at);
        }
    }

    private ActivationSnapshot decode(byte[] value, String at) {
        try {
            SpecificRecord record = Wire.decode(value == null ? new byte[0] : value);
            // Ticks and activations are no snapshots and nothing is lost with them.
            LoggedSnapshot logged = LoggedSnapshot.of(record);
            return logged == null ? null : logged.snapshot();
        } catch (WireException e) {
            if (e.reason() == RejectionReason.UNKNOWN_SCHEMA) {
                throw new IllegalArgumentException(
                        at + e.getMessage() + "; a later release wrote it, use that one", e);
            }
            leaveOut(at + e.getMessage());
            return null;
        }
    }

    private boolean isOfModel(ActivationSnapshot snapshot) {
        return (options.model() == null || options.model().equals(snapshot.getModelId()))
                && (options.version() == null
                        || options.version().equals(snapshot.getModelVersion()));
    }

    /**
     * Deals the samples of a snapshot out.
     *
     * @param holding places of the selections whose ranges hold the snapshot
     * @param at where it stands, in words before a sentence
     */
    void deal(ActivationSnapshot snapshot, List<Integer> holding, String at) {
        DetectorLayers layers = null;
        int[][] rows = null;
        List<Sample> samples = snapshot.getSamples();
        for (int s = 0; s < samples.size(); s++) {
            Sample sample = samples.get(s);
            List<RecordedSet> sets = setsOf(sample, holding, at);
            SampleJoin.Joined joined = null;
            if (sample.getPart() != 0 || !sample.getLast()) {
                joined = join.next(snapshot.getCaptureId(), sample, sets, at);
                sets = joined == null ? List.of() : joined.sets();
            }
            if (sets.isEmpty()) {
                continue;
            }
            if (layers == null) {
                requireOneModel(snapshot, at);
                layers = layers(snapshot, at);
                rows = rowsBySample(snapshot, layers);
            }
            if (rows[s].length > 0) {
                reserve(layers, rows[s].length, sets.size());
            }
            if (joined == null) {
                add(sets, layers, s, rows[s]);
            } else {
                if (rows[s].length > 0) {
                    joined.rows().addPart(layers, s, rows[s]);
                }
                if (sample.getLast()) {
                    add(sets, joined.rows());
                }
            }
        }
    }

    private static void add(List<RecordedSet> sets, DetectorLayers layers, int sample, int[] rows) {
        for (RecordedSet set : sets) {
            if (rows.length > 0) {
                set.add(layers, sample, rows);
            }
        }
    }

    private static void add(List<RecordedSet> sets, GatheredRows joined) {
        for (RecordedSet set : sets) {
            if (joined.rows() > 0) {
                set.add(joined);
            }
        }
    }

    private List<RecordedSet> setsOf(Sample sample, List<Integer> holding, String at) {
        List<RecordedSet> sets = new ArrayList<>();
        boolean isReference = false;
        boolean isClean = false;
        for (int i : holding) {
            if (!selections.get(i).names(sample)) {
                continue;
            }
            if (i < attacked.size()) {
                sets.add(attacked.get(i));
            } else if (i < selections.size() - 1) {
                isReference = true;
            } else {
                isClean = true;
            }
        }
        if (!sets.isEmpty()) {
            return sets;
        }
        if (isReference && isClean) {
            throw new IllegalArgumentException(
                    at
                            + "sample '"
                            + sample.getId()
                            + "' is selected by --reference and by --clean; what the detector was"
                            + " fitted on says nothing about its false alarms");
        }
        return isReference ? List.of(reference) : isClean ? List.of(clean) : sets;
    }

    private void requireOneModel(ActivationSnapshot snapshot, String at) {
        model = model == null ? snapshot.getModelId() : model;
        version = version == null ? snapshot.getModelVersion() : version;
        if (!model.equals(snapshot.getModelId()) || !version.equals(snapshot.getModelVersion())) {
            throw new IllegalArgumentException(
                    at
                            + "a snapshot of "
                            + snapshot.getModelId()
                            + " version "
                            + snapshot.getModelVersion()
                            + " beside those of "
                            + model
                            + " version "
                            + version
                            + "; name one with --model-id and --model-version");
        }
    }

    private DetectorLayers layers(ActivationSnapshot snapshot, String at) {
        try {
            return taps.of(snapshot);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(at + e.getMessage(), e);
        }
    }

    private static int[][] rowsBySample(ActivationSnapshot snapshot, DetectorLayers layers) {
        int samples = snapshot.getSamples().size();
        int[] owners = layers.owners();
        int all = layers.lead().getRows();
        int[] counts = new int[samples];
        for (int row = 0; row < all; row++) {
            counts[owners[row]]++;
        }
        int[][] rows = new int[samples][];
        for (int s = 0; s < samples; s++) {
            rows[s] = new int[counts[s]];
            counts[s] = 0;
        }
        for (int row = 0; row < all; row++) {
            int sample = owners[row];
            rows[sample][counts[sample]++] = row;
        }
        return rows;
    }

    private void reserve(DetectorLayers layers, long rows, long times) {
        for (int t = 0; t < layers.size(); t++) {
            if (layers.layer(t) != null) {
                long own = layers.ofSample(t) ? 1 : rows;
                bytes += times * own * layers.layer(t).getColumns() * Float.BYTES;
            }
        }
        if (bytes > Runtime.getRuntime().maxMemory() * MAXIMUM_HEAP_SHARE) {
            throw new IllegalArgumentException(
                    "the selected samples need more than "
                            + (bytes >> 20)
                            + " MiB, a quarter of the heap of "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB; select fewer, name fewer --layers or give Java more");
        }
    }

    private void leaveOut(String reason) {
        leftOut++;
        firstLeftOut = firstLeftOut == null ? reason : firstLeftOut;
    }

    /** Whether samples have several rows each, in one of the sets. */
    boolean tokens() {
        return reference.tokens()
                || clean.tokens()
                || attacked.stream().anyMatch(RecordedSet::tokens);
    }

    RecordedTaps taps() {
        return taps;
    }

    RecordedSet reference() {
        return reference;
    }

    RecordedSet clean() {
        return clean;
    }

    /** In the order of the selections. */
    List<RecordedSet> attacked() {
        return attacked;
    }

    String model() {
        return model;
    }

    String version() {
        return version;
    }

    /** Records that hold no snapshot that can be scored. */
    int leftOut() {
        return leftOut;
    }

    /** Samples left out because not all of their parts are there. */
    int incomplete() {
        return join.incomplete();
    }

    /** The first of these, and where they break. */
    List<String> incompleteNamed() {
        return join.named();
    }

    /** Where the first record left out stands and why, null if there is none. */
    String firstLeftOut() {
        return firstLeftOut;
    }
}
