package io.spectrawatch.flink.calibrate.sample;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import io.spectrawatch.flink.calibrate.config.ReferenceSample;
import io.spectrawatch.flink.calibrate.config.SharedSamples;
import io.spectrawatch.flink.calibrate.stage.CalibrationMessage;
import io.spectrawatch.flink.calibrate.stage.ShardConsumer;
import io.spectrawatch.flink.calibrate.stage.Slots;
import io.spectrawatch.flink.log.DetectorLayers;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.spectral.certificate.moments.SampleSplit;
import java.util.List;
import java.util.function.Consumer;

/** Third stage on one shard: a bounded choice of samples for the detector to be fitted on. */
public final class ShardSamples implements ShardConsumer {

    static final String SLOT = "detector";

    /** So that the choice is independent of the thirds the windows and moments come from. */
    private static final long SALT = 0x5DE7EC7L;

    private final int shard;
    private final CalibrateSettings settings;
    private final ModelKey model;
    private final List<String> layers;
    private final SharedSamples samples;
    private long number;

    /**
     * @param layers names in the order of the chain
     * @param samples those of all shards in this process, left open
     */
    public ShardSamples(
            int shard,
            CalibrateSettings settings,
            ModelKey model,
            List<String> layers,
            SharedSamples samples) {
        this.shard = shard;
        this.settings = settings;
        this.model = model;
        this.layers = layers;
        this.samples = samples;
    }

    @Override
    public void snapshot(LoggedSnapshot logged) {
        ActivationSnapshot snapshot = logged.snapshot();
        boolean ours =
                snapshot.getModelId().equals(model.model())
                        && snapshot.getModelVersion().equals(model.version());
        RowMap map = RowMap.of(snapshot);
        DetectorLayers own = ours ? layers(snapshot, map) : null;
        if (own == null) {
            return;
        }
        List<Sample> all = snapshot.getSamples();
        boolean[] present = new boolean[all.size()];
        int[] owners = own.owners();
        for (int row = 0; row < own.lead().getRows(); row++) {
            present[owners[row]] = true;
        }
        for (int s = 0; s < present.length; s++) {
            String id = all.get(s).getId();
            int place = place(settings.seed(), id);
            if (present[s] && samples.takes(place)) {
                ReferenceSample sample = ReferenceSample.of(place, id, s, own, shard, number);
                samples.add(sample, sample.toBytes());
            }
            number++;
        }
    }

    /** The seeded hash by which a sample is chosen, and its rank in the order of the fit. */
    public static int place(long seed, String id) {
        return SampleSplit.part(seed ^ SALT, id, Integer.MAX_VALUE);
    }

    /** The detector's layers, null if one is missing or carries other rows than the others. */
    private DetectorLayers layers(ActivationSnapshot snapshot, RowMap map) {
        Layer[] found = new Layer[layers.size()];
        boolean[] text = new boolean[found.length];
        for (int t = 0; t < found.length; t++) {
            String name = layers.get(t);
            for (Layer layer : snapshot.getLayers()) {
                found[t] = layer.getName().equals(name) ? layer : found[t];
            }
            text[t] =
                    found[t] == null
                            ? name.equals(DetectorLayers.TEXT.name())
                            : found.length > 1 && DetectorLayers.isText(found[t]);
            if (found[t] == null && !(text[t] && DetectorLayers.mayLackText(snapshot))) {
                return null;
            }
        }
        return DetectorLayers.of(map, found, text);
    }

    @Override
    public void tick(Tick tick, Consumer<CalibrationMessage> out) {
        // Samples are chosen by their ids, not by time.
    }

    @Override
    public void leftOut() {
        // The first stage has counted it.
    }

    @Override
    public void end(Consumer<CalibrationMessage> out) {
        samples.handOn(shard)
                .forEachRemaining(
                        payload -> out.accept(new CalibrationMessage(Slots.of(SLOT), payload)));
    }

    @Override
    public void close() {
        // What is shared is closed by the subtask.
    }
}
