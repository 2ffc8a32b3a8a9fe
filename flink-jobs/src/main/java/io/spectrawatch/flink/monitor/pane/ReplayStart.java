package io.spectrawatch.flink.monitor.pane;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.detect.attack.AttackState;
import io.spectrawatch.spectral.detect.attack.TrailState;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a replay that begins in the middle of a log cannot know from it: the baselines in force, and
 * where the pools and the alerts of every interface and the test for attacks stood. Immutable,
 * taken from recorded records.
 */
public final class ReplayStart implements Serializable {

    private static final long serialVersionUID = 1L;

    /** A job that begins with the log itself. */
    public static final ReplayStart NOTHING = new ReplayStart(Long.MIN_VALUE, List.of());

    private final long from;
    private final ArrayList<byte[]> certificates = new ArrayList<>();
    private final ArrayList<byte[]> attacks = new ArrayList<>();
    private final TreeMap<Integer, ArrayList<byte[]>> activations = new TreeMap<>();
    private final boolean logActivates;

    /** The only model to watch; null for all. */
    private final ModelKey only;

    /** Decoded when first asked for, on the machine that asks. */
    private transient RecordedStandings standings;

    private transient Map<ModelKey, AttackEvidence> steps;

    /**
     * A replay that goes by the log's own activations.
     *
     * @param from start of the first pane to judge, microseconds; the panes before it are not whole
     * @param certificates per interface the last one whose pool ended before its next begins; the
     *     interfaces without one begin with nothing
     */
    public ReplayStart(long from, List<InterfaceCertificate> certificates) {
        this(from, certificates, true, null);
    }

    private ReplayStart(
            long from,
            List<InterfaceCertificate> certificates,
            boolean logActivates,
            ModelKey only) {
        this.from = from;
        this.logActivates = logActivates;
        this.only = only;
        certificates.forEach(each -> this.certificates.add(Wire.encode(each)));
    }

    /**
     * A replay under another baseline: the log's activations are left out.
     *
     * @param from start of the first pane to judge, microseconds
     */
    public static ReplayStart withoutActivations(long from) {
        return new ReplayStart(from, List.of(), false, null);
    }

    /** With an activation before the first record of a shard. */
    public ReplayStart plus(int shard, Activate activation) {
        ReplayStart next = copy();
        next.activations
                .computeIfAbsent(shard, s -> new ArrayList<>())
                .add(Wire.encode(activation));
        return next;
    }

    /**
     * With the state of a model's test for attacks after its last step, which is taken as recorded;
     * panes that begin before its pane ends are in it.
     */
    public ReplayStart plus(AttackEvidence last) {
        ReplayStart next = copy();
        next.attacks.add(Wire.encode(last));
        return next;
    }

    /**
     * Of this model alone, which was watched: so that it does not depend on the models before the
     * first record which have a place.
     */
    public ReplayStart watching(String model, String version) {
        return copy(new ModelKey(model, version, ""));
    }

    /** Whether a model is of interest, whatever its digest. */
    public boolean watches(ModelKey model) {
        return only == null || model.isOf(only.model(), only.version());
    }

    private ReplayStart copy() {
        return copy(only);
    }

    private ReplayStart copy(ModelKey watched) {
        ReplayStart copy = new ReplayStart(from, List.of(), logActivates, watched);
        copy.certificates.addAll(certificates);
        copy.attacks.addAll(attacks);
        activations.forEach((s, own) -> copy.activations.put(s, new ArrayList<>(own)));
        return copy;
    }

    public long from() {
        return from;
    }

    /** Whether the log's own activations count. */
    public boolean logActivates() {
        return logActivates;
    }

    /** Encoded activations to put before the first record of a shard. */
    public List<byte[]> activations(int shard) {
        return activations.getOrDefault(shard, new ArrayList<>());
    }

    /** Start of the first pane of an interface's first pool. */
    public long poolStart(ModelKey model, String interfaceName) {
        return standings().poolStart(model, interfaceName);
    }

    /** Where a model's test for attacks stood; null where it begins with the replay. */
    public AttackState attack(ModelKey model) {
        AttackEvidence last = steps().get(model);
        return last == null ? null : AttackState.fromBytes(bytes(last.getState()));
    }

    /** Which alert on a model's traffic stood; none where that begins with the replay. */
    public AttackStanding standing(ModelKey model) {
        AttackEvidence last = steps().get(model);
        return last == null || last.getStanding() == null
                ? AttackStanding.NONE
                : AttackStanding.fromBytes(bytes(last.getStanding()));
    }

    /** Where the trails of a model's clients stood; null where they begin with the replay. */
    public TrailState trails(ModelKey model) {
        AttackEvidence last = steps().get(model);
        return last == null || last.getTrails() == null
                ? null
                : TrailState.fromBytes(bytes(last.getTrails()));
    }

    /** Start of the first pane that the state of a model's test does not hold. */
    public long attackStart(ModelKey model) {
        AttackEvidence last = steps().get(model);
        return last == null ? Long.MIN_VALUE : last.getPaneEnd();
    }

    /** Where a model's interfaces stood; empty where no baseline had judged it. */
    public ModelWatch watch(ModelKey model) {
        return standings().watch(model);
    }

    /** Where all interfaces stood: decoded once for each copy of this object. */
    RecordedStandings standings() {
        if (standings == null) {
            standings =
                    new RecordedStandings(
                            certificates, bytes -> Wire.decode(bytes, InterfaceCertificate.class));
        }
        return standings;
    }

    private Map<ModelKey, AttackEvidence> steps() {
        if (steps == null) {
            steps = new HashMap<>();
            for (byte[] bytes : attacks) {
                AttackEvidence each = Wire.decode(bytes, AttackEvidence.class);
                ModelKey model =
                        new ModelKey(
                                each.getModelId(),
                                each.getModelVersion(),
                                each.getModelDigest(),
                                each.getSegment());
                steps.putIfAbsent(model, each);
            }
        }
        return steps;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
