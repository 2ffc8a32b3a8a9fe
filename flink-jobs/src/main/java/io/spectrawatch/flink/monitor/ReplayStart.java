package io.spectrawatch.flink.monitor;

import io.spectrawatch.flink.log.ModelKey;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.certificate.AlertState;
import io.spectrawatch.spectral.certificate.Attribution;
import io.spectrawatch.spectral.detect.AttackState;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What a replay that begins in the middle of a log cannot know from it: the baselines in force, and
 * where the pools and the alerts of every interface and the test for attacks stood. Immutable,
 * taken from recorded records.
 */
public final class ReplayStart implements Serializable {

    private static final long serialVersionUID = 1L;

    /** A job that begins with the log itself. */
    static final ReplayStart NOTHING = new ReplayStart(Long.MIN_VALUE, List.of());

    private final long from;
    private final ArrayList<byte[]> certificates = new ArrayList<>();
    private final ArrayList<byte[]> attacks = new ArrayList<>();
    private final TreeMap<Integer, ArrayList<byte[]>> activations = new TreeMap<>();
    private final boolean logActivates;

    /** The only model to watch; null for all. */
    private final ModelKey only;

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
    boolean watches(ModelKey model) {
        return only == null
                || only.model().equals(model.model()) && only.version().equals(model.version());
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

    long from() {
        return from;
    }

    /** Whether the log's own activations count. */
    boolean logActivates() {
        return logActivates;
    }

    /** Encoded activations to put before the first record of a shard. */
    List<byte[]> activations(int shard) {
        return activations.getOrDefault(shard, new ArrayList<>());
    }

    /** Start of the first pane of an interface's first pool. */
    long poolStart(ModelKey model, String interfaceName) {
        for (InterfaceCertificate each : of(model)) {
            if (each.getInterfaceName().equals(interfaceName)) {
                return each.getPaneEnd();
            }
        }
        return Long.MIN_VALUE;
    }

    /** Where a model's test for attacks stood; null where it begins with the replay. */
    AttackState attack(ModelKey model) {
        AttackEvidence last = lastAttack(model);
        return last == null ? null : AttackState.fromBytes(bytes(last.getState()));
    }

    /** Which alert on a model's traffic stood; none where that begins with the replay. */
    AttackStanding standing(ModelKey model) {
        AttackEvidence last = lastAttack(model);
        return last == null || last.getStanding() == null
                ? AttackStanding.NONE
                : AttackStanding.fromBytes(bytes(last.getStanding()));
    }

    /** Start of the first pane that the state of a model's test does not hold. */
    long attackStart(ModelKey model) {
        AttackEvidence last = lastAttack(model);
        return last == null ? Long.MIN_VALUE : last.getPaneEnd();
    }

    private AttackEvidence lastAttack(ModelKey model) {
        for (byte[] bytes : attacks) {
            AttackEvidence each = Wire.decode(bytes, AttackEvidence.class);
            boolean same =
                    each.getModelId().equals(model.model())
                            && each.getModelVersion().equals(model.version())
                            && each.getModelDigest().equals(model.digest());
            if (same) {
                return each;
            }
        }
        return null;
    }

    /** Where a model's interfaces stood; empty where no baseline had judged it. */
    ModelWatch watch(ModelKey model) {
        ModelWatch watch = new ModelWatch();
        long newest = Long.MIN_VALUE;
        for (InterfaceCertificate each : of(model)) {
            if (each.getPaneEnd() >= newest) {
                newest = each.getPaneEnd();
                watch.judgedBy(each.getBaselineId());
            }
        }
        for (InterfaceCertificate each : of(model)) {
            watch.put(standing(each, each.getBaselineId().equals(watch.baselineId())));
        }
        return watch;
    }

    private List<InterfaceCertificate> of(ModelKey model) {
        List<InterfaceCertificate> own = new ArrayList<>();
        for (byte[] bytes : certificates) {
            InterfaceCertificate each = Wire.decode(bytes, InterfaceCertificate.class);
            boolean same =
                    each.getModelId().equals(model.model())
                            && each.getModelVersion().equals(model.version())
                            && each.getModelDigest().equals(model.digest());
            if (same) {
                own.add(each);
            }
        }
        return own;
    }

    private static WatchedInterface standing(InterfaceCertificate each, boolean watched) {
        Attribution attribution =
                each.getFindings() == null
                        ? Attribution.NONE
                        : Attribution.valueOf(each.getFindings().getAttribution());
        WatchedInterface standing =
                new WatchedInterface(
                        each.getInterfaceName(),
                        each.getLayerX(),
                        each.getLayerY(),
                        AlertState.fromBytes(bytes(each.getAlertState())),
                        true,
                        attribution,
                        each.getPaneEnd());
        return watched ? standing : standing.suspended();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
