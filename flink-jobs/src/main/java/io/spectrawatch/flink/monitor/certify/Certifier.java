package io.spectrawatch.flink.monitor.certify;

import io.spectrawatch.flink.monitor.baseline.Judgement;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.message.InterfaceSummary;
import io.spectrawatch.flink.monitor.pane.ClosedPane;
import io.spectrawatch.flink.monitor.pane.MergeClock;
import io.spectrawatch.flink.monitor.pane.ModelWatch;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.pane.WatchedInterface;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.baseline.ModelBaseline;
import io.spectrawatch.spectral.baseline.ModelInterface;
import io.spectrawatch.spectral.certificate.Attribution;
import io.spectrawatch.spectral.certificate.Certificates;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.InterfaceCertificate;
import io.spectrawatch.spectral.certificate.alert.AlertDecision;
import io.spectrawatch.spectral.certificate.alert.AlertOptions;
import io.spectrawatch.spectral.certificate.alert.AlertState;
import io.spectrawatch.spectral.certificate.alert.Alerts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Certifies the interfaces of a model pane by pane: pools panes, compares each full pool with the
 * baseline, decides about alerts. A function of the panes alone; between them everything lies in
 * the state of the model's merge bucket.
 *
 * <p>Where nothing can be certified it says so, by a refused certificate per interface, or one for
 * all of them where the baseline cannot be read.
 */
public final class Certifier {

    private static final String WATCH = "watch/";
    private static final String POOL = "pool/";

    /** Stands for the interfaces of a baseline that cannot be read. */
    public static final String ALL_INTERFACES = "*";

    private final SubtaskKernels tools;
    private final AlertOptions options;
    private final ChunkedState state;
    private final ReplayStart start;

    /**
     * @param start what was before the first pane
     */
    public Certifier(
            SubtaskKernels tools, AlertOptions options, ChunkedState state, ReplayStart start) {
        this.tools = tools;
        this.options = options;
        this.state = state;
        this.start = start;
    }

    /** Takes a complete pane of a model; panes come in their order. */
    public void take(ClosedPane pane, MergeClock clock, CertificateOutput out) throws Exception {
        if (pane.pane().start() < start.from()) {
            return;
        }
        String name = WATCH + key(pane.model());
        byte[] stored = state.get(name);
        String id = pane.baselineId();
        ModelWatch watch =
                stored == null ? start.watch(pane.model()) : ModelWatch.fromBytes(stored);
        if (watch.isEmpty() && id == null) {
            return;
        }
        Judgement judgement =
                id == null ? Judgement.NONE : tools.baselines().judge(id, pane.model());
        if (pane.agreed() && !Objects.equals(id, watch.baselineId())) {
            switchTo(judgement, pane, watch, out);
        }
        beginMissing(judgement, pane, watch);
        String refusal = judgement.refused() ? judgement.refusal() : pane.refusal();
        if (refusal != null) {
            refuse(refusal, judgement, pane, watch, clock, out);
        } else if (id != null) {
            certify(judgement.baseline(), pane, watch, clock, out);
        }
        byte[] after = watch.toBytes();
        if (!Arrays.equals(stored, after)) {
            state.put(name, after);
        }
    }

    private void switchTo(
            Judgement judgement, ClosedPane pane, ModelWatch watch, CertificateOutput out)
            throws Exception {
        TreeMap<String, ModelInterface> next = new TreeMap<>();
        for (ModelInterface each : judgement.interfaces()) {
            next.put(each.name(), each);
        }
        for (WatchedInterface each : List.copyOf(watch.interfaces())) {
            endPool(pane.model(), each, out);
            ModelInterface own = next.remove(each.name());
            boolean unchanged =
                    own != null
                            && each.watched()
                            && own.certificate().id().equals(each.alerts().baselineId());
            if (!unchanged) {
                out.superseded(each, pane, watch.baselineId());
                watch.put(own == null ? each.suspended() : again(judgement, own, each));
            }
        }
        for (ModelInterface each : next.values()) {
            AlertState alerts = AlertState.start(each.certificate(), options);
            watch.put(WatchedInterface.start(judgement.baseline(), each, alerts));
        }
        watch.judgedBy(pane.baselineId());
    }

    /**
     * A replay may know the baseline in force from one interface's last certificate while another
     * interface had none yet: its tests begin here.
     */
    private void beginMissing(Judgement judgement, ClosedPane pane, ModelWatch watch) {
        if (!Objects.equals(pane.baselineId(), watch.baselineId())) {
            return;
        }
        for (ModelInterface each : judgement.interfaces()) {
            if (watch.of(each.name()) == null) {
                AlertState alerts = AlertState.start(each.certificate(), options);
                watch.put(WatchedInterface.start(judgement.baseline(), each, alerts));
            }
        }
    }

    /** Earlier tests of an interface have spent their share of the level. */
    private WatchedInterface again(
            Judgement judgement, ModelInterface own, WatchedInterface before) {
        AlertState alerts = before.alerts().rebase(own.certificate(), options);
        return WatchedInterface.start(judgement.baseline(), own, alerts);
    }

    /** A pool is never certified in part; what was in it is named. */
    private void endPool(ModelKey model, WatchedInterface each, CertificateOutput out)
            throws Exception {
        String name = poolName(model, each.name());
        byte[] stored = state.get(name);
        if (stored != null) {
            state.remove(name);
            InterfacePool pool = InterfacePool.fromBytes(stored);
            String reason =
                    "baseline "
                            + pool.baselineId()
                            + " went out of force before the pool had its rows";
            out.refused(reason, model, each.name(), each, pool);
        }
    }

    private void refuse(
            String reason,
            Judgement judgement,
            ClosedPane pane,
            ModelWatch watch,
            MergeClock clock,
            CertificateOutput out)
            throws Exception {
        List<String> names = new ArrayList<>();
        if (judgement.baseline() == null) {
            names.add(ALL_INTERFACES);
        } else {
            judgement.baseline().interfaces().forEach(each -> names.add(each.name()));
        }
        for (String name : names) {
            if (certifiedAlready(pane, name)) {
                continue;
            }
            refuse(reason, name, pane, watch, clock, out);
        }
    }

    /** Says that a pane gives an interface no rows, and notes the pane in its open pool. */
    private void refuse(
            String reason,
            String name,
            ClosedPane pane,
            ModelWatch watch,
            MergeClock clock,
            CertificateOutput out)
            throws Exception {
        String poolName = poolName(pane.model(), name);
        byte[] stored = state.get(poolName);
        if (stored != null) {
            InterfacePool open = InterfacePool.fromBytes(stored);
            state.put(poolName, open.plusNothing(pane, clock).toBytes());
        }
        InterfacePool nothing = InterfacePool.start(pane, clock).plusNothing(pane, clock);
        out.refused(reason, pane.model(), name, watch.of(name), nothing);
    }

    private void certify(
            ModelBaseline baseline,
            ClosedPane pane,
            ModelWatch watch,
            MergeClock clock,
            CertificateOutput out)
            throws Exception {
        List<ModelInterface> interfaces = baseline.interfaces();
        Complete[] complete = new Complete[interfaces.size()];
        for (int i = 0; i < complete.length; i++) {
            if (certifiedAlready(pane, interfaces.get(i).name())) {
                continue;
            }
            if (pane.of(i).isEmpty()) {
                String reason =
                        "no rows of both layers; snapshots whose layers do not hold the same rows: "
                                + pane.unpaired();
                refuse(reason, interfaces.get(i).name(), pane, watch, clock, out);
            } else {
                complete[i] = pool(interfaces.get(i), pane, pane.of(i), clock);
            }
        }
        for (int i = 0; i < complete.length; i++) {
            if (complete[i] != null) {
                String root = root(i, interfaces, complete, watch);
                decide(interfaces.get(i).certificate(), complete[i], root, pane, watch, out);
            }
        }
    }

    /** Whether a pane lies in a pool that ended before an interface's part of a replay begins. */
    private boolean certifiedAlready(ClosedPane pane, String interfaceName) {
        return pane.pane().start() < start.poolStart(pane.model(), interfaceName);
    }

    /** Adds a pane to a pool; certifies it if it then has its rows, else returns null. */
    private Complete pool(
            ModelInterface each,
            ClosedPane pane,
            SortedMap<Integer, InterfaceSummary> summaries,
            MergeClock clock)
            throws Exception {
        String name = poolName(pane.model(), each.name());
        byte[] stored = state.get(name);
        InterfacePool open =
                stored == null ? InterfacePool.start(pane, clock) : InterfacePool.fromBytes(stored);
        InterfaceBaseline baseline = each.certificate();
        InterfacePool pool = open.plus(pane, summaries, clock, baseline);
        if (pool.rows() < baseline.pooling().rows()) {
            state.put(name, pool.toBytes());
            return null;
        }
        state.remove(name);
        return new Complete(pool, Certificates.certify(baseline, pool.moments(baseline)));
    }

    /**
     * What the chain says about the cause of an interface's movement: behind a block that changed,
     * every input moves. Interfaces whose pools end in other panes count by their last certificate,
     * if its panes reach into this pool.
     */
    private static String root(
            int index, List<ModelInterface> interfaces, Complete[] complete, ModelWatch watch) {
        List<Attribution> chain = new ArrayList<>();
        for (int i = 0; i < complete.length; i++) {
            chain.add(
                    complete[i] == null
                            ? watch.of(interfaces.get(i).name())
                                    .attributionAfter(complete[index].pool().start())
                            : complete[i].attribution());
        }
        int root = Attribution.root(chain);
        if (root < 0 || root > index) {
            return "";
        }
        return root == index
                ? "it is the first interface of the chain that moved"
                : "the first interface of the chain that moved is "
                        + interfaces.get(root).name()
                        + ": "
                        + chain.get(root).text();
    }

    private void decide(
            InterfaceBaseline baseline,
            Complete complete,
            String root,
            ClosedPane pane,
            ModelWatch watch,
            CertificateOutput out) {
        WatchedInterface before = watch.of(baseline.name());
        AlertDecision decision =
                Alerts.decide(before.alerts(), baseline, complete.certificate(), options);
        WatchedInterface after =
                before.after(
                        decision.state(), complete.attribution(), complete.pool().last().end());
        watch.put(after);
        out.certified(pane.model(), baseline, complete, before, after);
        out.transitions(pane.model(), complete.pool(), decision.transitions(), root);
    }

    private static String poolName(ModelKey model, String interfaceName) {
        return POOL + key(model) + '/' + Topics.key(interfaceName);
    }

    private static String key(ModelKey model) {
        return model.stateKey();
    }

    /** A pool that has all its rows, and its certificate. */
    record Complete(InterfacePool pool, InterfaceCertificate certificate) {
        Attribution attribution() {
            return certificate.findings() == null
                    ? Attribution.NONE
                    : certificate.findings().attribution();
        }
    }
}
