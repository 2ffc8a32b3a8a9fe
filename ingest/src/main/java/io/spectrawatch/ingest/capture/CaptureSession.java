package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.numpy.NpyArray;
import io.spectrawatch.spectral.text.TextNgrams;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Runs a tapped model and publishes what its layers did.
 *
 * <pre>{@code
 * CaptureSession session =
 *         CaptureSession.ofText(
 *                 tap, encoder, publisher, CaptureSettings.defaults("my-model", "3"));
 * session.capture(List.of(WholeSample.of("request-1", null, null, 1.0)), List.of("a text"), nowMicros);
 * }</pre>
 *
 * <p>Sequence numbers count from 0 per session; a session is used by one thread at a time. It
 * closes nothing that it was given.
 *
 * <p>A sample that does not fit into a record goes in parts, under sequence numbers that follow one
 * another. Where one of them is dropped, the later ones are too: nobody could score the sample, and
 * their room is better given to others. What was sent before stays without its last part, which the
 * monitor reports as incomplete.
 */
public final class CaptureSession {

    private final ModelTap tap;
    private final TextEncoder encoder;
    private final SnapshotPublisher publisher;
    private final RowSelector selector;
    private final SnapshotBuilder builder;
    private final boolean text;
    private long nextSequence;

    /**
     * What a call did.
     *
     * @param snapshots made
     * @param published handed over; the others were dropped
     * @param rows in them, over all layers, dropped ones included
     */
    public record Outcome(int snapshots, int published, long rows) {}

    private CaptureSession(
            ModelTap tap,
            TextEncoder encoder,
            SnapshotPublisher publisher,
            CaptureSettings settings) {
        this.tap = tap;
        this.encoder = encoder;
        this.publisher = publisher;
        this.selector = new RowSelector(settings.rows());
        this.text = settings.text();
        this.builder = new SnapshotBuilder(settings, tap.digest(), taps(tap, text));
    }

    /** The text comes first, as other inputs do. */
    private static List<TappedOutput> taps(ModelTap tap, boolean text) {
        List<TappedOutput> taps = new ArrayList<>();
        if (text) {
            taps.add(TappedOutput.TEXT);
        }
        taps.addAll(tap.taps());
        return taps;
    }

    /** A session of a model that reads texts. */
    public static CaptureSession ofText(
            ModelTap tap,
            TextEncoder encoder,
            SnapshotPublisher publisher,
            CaptureSettings settings) {
        return new CaptureSession(tap, encoder, publisher, settings);
    }

    /**
     * A session of a model that reads arrays of numbers.
     *
     * @throws CaptureException if texts are to be published, which it does not see
     */
    public static CaptureSession ofArrays(
            ModelTap tap, SnapshotPublisher publisher, CaptureSettings settings) {
        if (settings.text()) {
            throw new CaptureException(
                    "texts can be published where the model reads texts, not where it reads"
                            + " arrays");
        }
        return new CaptureSession(tap, null, publisher, settings);
    }

    /**
     * One forward pass over texts; drops snapshots rather than wait for the broker.
     *
     * @param samples one per text; ids differ
     * @param capturedAt event time, microseconds since the epoch
     * @throws CaptureException if the model fails, or one row does not fit into a record
     */
    public Outcome capture(List<Sample> samples, List<String> texts, long capturedAt) {
        return publish(publisher, pass(samples, texts, capturedAt));
    }

    /** As {@link #capture(List, List, long)}, but waits for room instead of dropping. */
    public Outcome captureBlocking(List<Sample> samples, List<String> texts, long capturedAt)
            throws InterruptedException {
        return publishBlocking(pass(samples, texts, capturedAt));
    }

    /**
     * One forward pass over arrays by input name, whose first dimension counts the samples; drops
     * snapshots rather than wait for the broker.
     */
    public Outcome capture(List<Sample> samples, Map<String, NpyArray> inputs, long capturedAt) {
        return publish(publisher, pass(samples, inputs, capturedAt));
    }

    /** As {@link #capture(List, Map, long)}, but waits for room instead of dropping. */
    public Outcome captureBlocking(
            List<Sample> samples, Map<String, NpyArray> inputs, long capturedAt)
            throws InterruptedException {
        return publishBlocking(pass(samples, inputs, capturedAt));
    }

    /**
     * One forward pass over texts, for callers that publish the snapshots themselves; there are
     * several where one would not fit into a record.
     *
     * @throws CaptureException if the model fails, or one row does not fit into a record
     */
    public List<ActivationSnapshot> snapshots(
            List<Sample> samples, List<String> texts, long capturedAt) {
        List<ActivationSnapshot> all = new ArrayList<>();
        pass(samples, texts, capturedAt).forEachRemaining(all::add);
        return all;
    }

    /**
     * One forward pass over texts of which nothing is published, as for requests that sampling
     * leaves out.
     *
     * @throws CaptureException if the model fails
     */
    public void run(List<String> texts) {
        tap.run(tokens(texts));
    }

    private Iterator<ActivationSnapshot> pass(
            List<Sample> samples, List<String> texts, long capturedAt) {
        if (samples.isEmpty() || samples.size() != texts.size()) {
            throw new CaptureException(
                    "expected one text per sample and at least one, found "
                            + samples.size()
                            + " samples and "
                            + texts.size()
                            + " texts");
        }
        TokenBatch batch = tokens(texts);
        return build(samples, tap.run(batch), batch, texts, capturedAt);
    }

    private TokenBatch tokens(List<String> texts) {
        if (encoder == null) {
            throw new CaptureException("this session's model reads arrays, found texts");
        }
        return encoder.encode(texts);
    }

    private Iterator<ActivationSnapshot> pass(
            List<Sample> samples, Map<String, NpyArray> inputs, long capturedAt) {
        if (samples.isEmpty()) {
            throw new CaptureException("expected at least one sample, found none");
        }
        return build(samples, tap.run(inputs), null, List.of(), capturedAt);
    }

    private Iterator<ActivationSnapshot> build(
            List<Sample> samples,
            List<TensorData> tensors,
            TokenBatch batch,
            List<String> texts,
            long capturedAt) {
        List<LayerRows> layers = new ArrayList<>();
        if (text) {
            float[] counts = TextNgrams.rows(texts);
            layers.add(LayerRows.ofOnePerSample(TextNgrams.COLUMNS, counts));
        }
        for (int t = 0; t < tensors.size(); t++) {
            LayerRows rows = selector.select(tensors.get(t), samples.size(), batch);
            layers.add(tap.taps().get(t).published(rows));
        }
        return builder.build(samples, layers, capturedAt, () -> nextSequence++);
    }

    /** Drops with a part what goes on with its sample. */
    static Outcome publish(SnapshotPublisher publisher, Iterator<ActivationSnapshot> snapshots) {
        int made = 0;
        int published = 0;
        long rows = 0;
        boolean broken = false;
        while (snapshots.hasNext()) {
            ActivationSnapshot snapshot = snapshots.next();
            Sample first = snapshot.getSamples().get(0);
            if (broken && first.getPart() > 0) {
                publisher.drop();
            } else if (publisher.publish(snapshot)) {
                published++;
                broken = false;
            } else {
                broken = first.getPart() > 0 || !first.getLast();
                if (broken) {
                    publisher.brokeSample();
                }
            }
            made++;
            rows += rows(snapshot);
        }
        return new Outcome(made, published, rows);
    }

    private Outcome publishBlocking(Iterator<ActivationSnapshot> snapshots)
            throws InterruptedException {
        int made = 0;
        long rows = 0;
        while (snapshots.hasNext()) {
            ActivationSnapshot snapshot = snapshots.next();
            publisher.publishBlocking(snapshot);
            made++;
            rows += rows(snapshot);
        }
        return new Outcome(made, made, rows);
    }

    /** What of the layers' values cannot be monitored, in the order of the chain. */
    public List<LayerLosses> losses() {
        return builder.losses();
    }

    private static long rows(ActivationSnapshot snapshot) {
        return snapshot.getLayers().stream().mapToLong(Layer::getRows).sum();
    }
}
