package io.spectrawatch.ops.audit.record;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AttackEvidence;
import io.spectrawatch.schemas.LayerSketch;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.UnwatchedLayers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was recorded: the range that a request means, and the records in and before it.
 *
 * @param scope the range
 * @param certificates all of the model that the topic still has
 * @param sketches of the panes to replay, those before the range included
 * @param pools where the pools of the range begin
 * @param steps of the model's test for attacks, all that are recorded
 * @param compared the records of the range, all topics
 */
public record Recorded(
        Scope scope,
        List<Entry> certificates,
        List<Entry> sketches,
        Pools pools,
        List<Entry> steps,
        List<Entry> compared) {

    /**
     * Reads the output topics to their present ends.
     *
     * @throws IOException if nothing is recorded there
     */
    public static Recorded read(AuditRequest request, Map<String, Object> client, String prefix)
            throws IOException {
        Outputs outputs = new Outputs(client, prefix);
        Scope scope = scope(request, outputs);
        String keys = Topics.key(scope.model(), scope.version());
        List<Entry> certificates =
                outputs.read(Topics.CERTIFICATES, 0, keys, entry -> isOf(scope, entry));
        Pools pools =
                request.baseline() == null
                        ? Pools.before(scope, certificates)
                        : new Pools(scope.from(), List.of());
        Scope replayed = new Scope(scope.model(), scope.version(), pools.since(), scope.to());
        List<Entry> sketches = outputs.read(Topics.SKETCHES, pools.since(), keys, replayed::covers);
        requireWatched(
                outputs.read(Topics.SKETCHES, pools.since(), keys, e -> placeless(e, replayed)));
        List<Entry> compared = new ArrayList<>();
        sketches.stream().filter(scope::covers).forEach(compared::add);
        certificates.stream().filter(scope::covers).forEach(compared::add);
        compared.addAll(outputs.read(Topics.ALERTS, 0, keys, scope::covers));
        List<Entry> steps = new ArrayList<>();
        compared.addAll(
                outputs.read(
                        Topics.SCORES,
                        0,
                        keys,
                        entry -> {
                            if (entry.decoded() instanceof AttackEvidence && isOf(scope, entry)) {
                                steps.add(entry);
                            }
                            return scope.covers(entry);
                        }));
        if (sketches.isEmpty()) {
            throw new AuditException(
                    "nothing is recorded of "
                            + scope.model()
                            + " version "
                            + scope.version()
                            + " from "
                            + Times.text(scope.from())
                            + " to "
                            + Times.text(scope.to()));
        }
        return new Recorded(
                scope, certificates, sketches, pools, List.copyOf(steps), List.copyOf(compared));
    }

    /**
     * Whether a pane to replay had no place for the model on some shard. That it lost a place while
     * it was idle left nothing out.
     */
    public static boolean placeless(Entry entry, Scope replayed) {
        return entry.decoded() instanceof UnwatchedLayers pane
                && pane.getReason() != null
                && pane.getSnapshots() > 0
                && isOf(replayed, entry)
                && entry.paneStart() >= replayed.from()
                && entry.paneStart() < replayed.to();
    }

    /** Which models had a place depends on the log before the range, which is not replayed. */
    private static void requireWatched(List<Entry> placeless) throws AuditException {
        if (!placeless.isEmpty()) {
            Entry first = placeless.get(0);
            throw new AuditException(
                    "some shard did not watch the model in the pane of "
                            + Times.text(first.paneStart())
                            + ": "
                            + ((UnwatchedLayers) first.decoded()).getReason()
                            + "; audit the panes before it and from it on by themselves");
        }
    }

    /**
     * What can be replayed although offsets are missing: the first panes in a row that have all of
     * theirs, and the pools that begin in them.
     *
     * @return with the scope that ends where they do; null where no pane is whole
     */
    public Recorded within(LogPlan plan) {
        TreeMap<Long, Boolean> whole = new TreeMap<>();
        for (Entry entry : sketches) {
            if (entry.decoded() instanceof LayerSketch sketch) {
                whole.merge(sketch.getPaneStart(), plan.holds(sketch), Boolean::logicalAnd);
            }
        }
        Long first = null;
        long end = scope.to();
        for (Map.Entry<Long, Boolean> pane : whole.entrySet()) {
            if (first == null && pane.getValue()) {
                first = pane.getKey();
            } else if (first != null && !pane.getValue()) {
                end = pane.getKey();
                break;
            }
        }
        if (first == null) {
            return null;
        }
        long from = first;
        long to = end;
        List<Entry> kept =
                sketches.stream()
                        .filter(each -> each.paneStart() >= from && each.paneStart() < to)
                        .toList();
        Scope part = new Scope(scope.model(), scope.version(), Math.max(from, scope.from()), to);
        for (long start : whole.tailMap(part.from(), true).headMap(to, false).keySet()) {
            Scope judged = new Scope(scope.model(), scope.version(), start, to);
            Pools own = Pools.before(judged, certificates);
            if (own.since() >= from) {
                return new Recorded(judged, certificates, kept, own, steps, compared);
            }
        }
        // Panes, but no whole pool.
        Scope nothing = new Scope(scope.model(), scope.version(), to, to);
        return new Recorded(nothing, certificates, kept, new Pools(to, List.of()), steps, compared);
    }

    /** What a replay of exactly this can recompute. */
    public Reach reach() {
        long panesFrom = sketches.stream().mapToLong(Entry::paneStart).min().orElse(Long.MAX_VALUE);
        return new Reach(panesFrom, pools.since(), scope.from(), Long.MIN_VALUE, scope.to());
    }

    private static boolean isOf(Scope scope, Entry entry) {
        return entry.model().equals(scope.model()) && entry.version().equals(scope.version());
    }

    private static Scope scope(AuditRequest request, Outputs outputs) throws IOException {
        if (request.alert() != null) {
            return ofAlert(request.alert(), outputs);
        }
        if (request.window() != null) {
            return ofWindow(request.window(), outputs);
        }
        String version =
                request.version() != null ? request.version() : onlyVersion(request, outputs);
        return new Scope(request.model(), version, request.from(), request.to());
    }

    private static Scope ofAlert(String id, Outputs outputs) throws IOException {
        List<Entry> found =
                outputs.read(
                        Topics.ALERTS,
                        0,
                        "",
                        entry -> ((Alert) entry.decoded()).getId().equals(id));
        if (found.isEmpty()) {
            throw new AuditException("no alert " + id + " is recorded");
        }
        return around(found.get(0));
    }

    private static Scope ofWindow(String window, Outputs outputs) throws IOException {
        long start;
        try {
            start = Long.parseLong(window.substring(window.lastIndexOf('/') + 1));
        } catch (NumberFormatException e) {
            throw new AuditException(
                    "a window is named model/version/part/start, found " + window, e);
        }
        List<Entry> found = new ArrayList<>();
        for (Topics topic : List.of(Topics.SKETCHES, Topics.CERTIFICATES)) {
            found.addAll(outputs.read(topic, start, "", entry -> entry.window().equals(window)));
        }
        if (found.isEmpty()) {
            throw new AuditException("no window " + window + " is recorded");
        }
        return around(found.get(0));
    }

    private static Scope around(Entry entry) {
        return new Scope(entry.model(), entry.version(), entry.paneStart(), entry.paneEnd());
    }

    private static String onlyVersion(AuditRequest request, Outputs outputs) throws IOException {
        TreeSet<String> versions = new TreeSet<>();
        outputs.read(
                Topics.SKETCHES,
                request.from(),
                Topics.key(request.model()) + '/',
                entry -> {
                    boolean inside =
                            Objects.equals(entry.model(), request.model())
                                    && entry.paneStart() >= request.from()
                                    && entry.paneStart() < request.to();
                    if (inside) {
                        versions.add(entry.version());
                    }
                    return false;
                });
        if (versions.size() == 1) {
            return versions.first();
        }
        throw new AuditException(
                versions.isEmpty()
                        ? "nothing is recorded of "
                                + request.model()
                                + " from "
                                + Times.text(request.from())
                                + " to "
                                + Times.text(request.to())
                        : "versions "
                                + String.join(", ", versions)
                                + " of "
                                + request.model()
                                + " are recorded; name one by --model-version");
    }
}
