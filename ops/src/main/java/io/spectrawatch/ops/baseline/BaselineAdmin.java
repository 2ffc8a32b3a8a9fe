package io.spectrawatch.ops.baseline;

import io.spectrawatch.flink.baseline.ActivationRequest;
import io.spectrawatch.flink.baseline.BaselineActivator;
import io.spectrawatch.flink.baseline.BaselineCatalogue;
import io.spectrawatch.flink.baseline.BaselineException;
import io.spectrawatch.flink.baseline.KafkaBaselines;
import io.spectrawatch.flink.baseline.LogClock;
import io.spectrawatch.flink.blob.BlobException;
import io.spectrawatch.ops.baseline.BaselineList.Baseline;
import io.spectrawatch.ops.baseline.BaselineList.State;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.BaselineEntry;
import io.spectrawatch.spectral.baseline.BaselineFormatException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The life cycle of published baselines, for operators. */
public final class BaselineAdmin {

    private static final long MICROS_PER_MILLI = 1000;

    private final Map<String, Object> client;
    private final String topicPrefix;
    private final LongSupplier now;

    /**
     * @param client Kafka client properties, {@code bootstrap.servers} among them
     * @param topicPrefix prefix of the topics' names
     * @param now the brokers' time, microseconds since the epoch
     */
    public BaselineAdmin(Map<String, Object> client, String topicPrefix, LongSupplier now) {
        this.client = new HashMap<>(client);
        this.topicPrefix = topicPrefix;
        this.now = now;
    }

    /** Lists the complete baselines. */
    public BaselineList list() throws IOException {
        BaselineCatalogue catalogue = catalogue();
        long at = logTime();
        return new BaselineList(
                catalogue.entries().stream().map(entry -> describe(catalogue, entry, at)).toList(),
                catalogue.unreadable());
    }

    /**
     * Describes one baseline and checks its pieces against its id.
     *
     * @param id its id or the beginning of it
     * @throws BaselineException if there is none
     */
    public BaselineDetail show(String id) throws IOException {
        BaselineCatalogue catalogue = catalogue();
        BaselineEntry entry = catalogue.find(id);
        String damage = damage(entry);
        BaselineContents contents = null;
        String unreadable = damage;
        if (damage == null) {
            try {
                contents = BaselineContents.of(load(entry.getBaselineId()));
            } catch (BaselineFormatException e) {
                unreadable = e.getMessage();
            }
        }
        return new BaselineDetail(
                describe(catalogue, entry, logTime()),
                entry.getCreatedFrom().stream()
                        .map(
                                r ->
                                        new BaselineDetail.Range(
                                                r.getShard(),
                                                r.getFirstOffset(),
                                                r.getLastOffset()))
                        .toList(),
                new TreeMap<>(entry.getSummary()),
                damage,
                contents,
                unreadable,
                catalogue.requests().stream()
                        .map(request -> activation(request, entry))
                        .flatMap(Optional::stream)
                        .toList());
    }

    /**
     * Asks for a baseline to judge what it was calibrated on: its model, or a segment of it.
     *
     * @param id its id or the beginning of it
     * @throws BaselineException if there is none, or the moment is too early
     * @throws BlobException if it is damaged
     */
    public ActivationReport activate(String id, ActivationWish wish) throws IOException {
        BaselineCatalogue catalogue = catalogue();
        BaselineEntry entry = catalogue.find(id);
        return activate(catalogue, entry, entry.getSegment(), wish);
    }

    /**
     * Asks for a baseline to judge a segment of its model, whatever it was calibrated on.
     *
     * @param segment attribute=value; null for what no segment's baseline judges
     * @throws BaselineException if there is none, or the moment is too early
     * @throws BlobException if it is damaged
     */
    public ActivationReport activate(String id, String segment, ActivationWish wish)
            throws IOException {
        BaselineCatalogue catalogue = catalogue();
        return activate(catalogue, catalogue.find(id), segment, wish);
    }

    private ActivationReport activate(
            BaselineCatalogue catalogue, BaselineEntry entry, String segment, ActivationWish wish)
            throws IOException {
        return request(
                catalogue,
                entry.getModelId(),
                entry.getModelVersion(),
                segment,
                entry.getBaselineId(),
                wish);
    }

    /**
     * Asks for a model to be judged by no baseline, or for a segment to be judged as the rest of
     * its model is.
     *
     * @param segment attribute=value; null for the model
     */
    public ActivationReport deactivate(
            String model, String version, String segment, ActivationWish wish) throws IOException {
        BaselineCatalogue catalogue = catalogue();
        if (catalogue.last(model, version, segment).isEmpty()) {
            throw new IOException(
                    "no baseline was ever activated for model "
                            + model
                            + " version "
                            + version
                            + (segment == null ? "" : ", segment " + segment));
        }
        return request(catalogue, model, version, segment, null, wish);
    }

    /**
     * Asks for what judged a model, or a segment of it, before its last activation.
     *
     * @param segment attribute=value; null for the model
     * @throws BaselineException if nothing did
     * @throws BlobException if it is damaged
     */
    public ActivationReport rollback(
            String model, String version, String segment, ActivationWish wish) throws IOException {
        BaselineCatalogue catalogue = catalogue();
        String id = catalogue.previous(model, version, segment).getBaselineId();
        return request(catalogue, model, version, segment, id, wish);
    }

    private ActivationReport request(
            BaselineCatalogue catalogue,
            String model,
            String version,
            String segment,
            String baselineId,
            ActivationWish wish)
            throws IOException {
        if (baselineId != null) {
            verify(baselineId);
        }
        LogClock clock = clock().orElseThrow(this::noClock);
        Optional<ActivationRequest> last = catalogue.last(model, version, segment);
        long effectiveFrom =
                BaselineActivator.effectiveFrom(
                        clock,
                        last,
                        clock.earliestActivation(now.getAsLong(), wish.maxClockSkew()),
                        wish.effectiveFrom());
        long offset =
                new BaselineActivator(client, topicPrefix)
                        .request(
                                new Activate(
                                        model,
                                        version,
                                        baselineId,
                                        effectiveFrom,
                                        wish.requestedBy(),
                                        segment));
        return new ActivationReport(
                model,
                version,
                baselineId,
                last.map(r -> r.activate().getBaselineId()).orElse(null),
                instant(effectiveFrom),
                effectiveFrom,
                wish.requestedBy(),
                offset,
                segment);
    }

    private IOException noClock() {
        return new IOException(
                "the validated log has no tick yet, and so no panes: start ingest first");
    }

    private BaselineCatalogue catalogue() throws IOException {
        return BaselineCatalogue.read(client, topicPrefix);
    }

    private Optional<LogClock> clock() throws IOException {
        return LogClock.read(client, topicPrefix);
    }

    /** Which panes begin now is for the log to say; before its first tick none does. */
    private long logTime() throws IOException {
        return clock().map(LogClock::time).orElse(Long.MIN_VALUE);
    }

    private void verify(String id) throws IOException {
        new KafkaBaselines(client, topicPrefix, Duration.ZERO).verify(id);
    }

    private byte[] load(String id) throws IOException {
        return new KafkaBaselines(client, topicPrefix, Duration.ZERO).load(id);
    }

    private String damage(BaselineEntry entry) throws IOException {
        try {
            verify(entry.getBaselineId());
            return null;
        } catch (BlobException e) {
            return e.getMessage();
        }
    }

    private static Baseline describe(BaselineCatalogue catalogue, BaselineEntry entry, long at) {
        String model = entry.getModelId();
        String version = entry.getModelVersion();
        Optional<ActivationRequest> active =
                asking(entry, catalogue, s -> catalogue.inForce(model, version, s, at));
        Optional<ActivationRequest> last =
                asking(entry, catalogue, s -> catalogue.last(model, version, s));
        State state =
                active.isPresent()
                        ? State.ACTIVE
                        : last.isPresent() ? State.PENDING : State.INACTIVE;
        Optional<Activate> behind = active.or(() -> last).map(ActivationRequest::activate);
        return new Baseline(
                entry.getBaselineId(),
                entry.getModelId(),
                entry.getModelVersion(),
                entry.getModelDigest(),
                entry.getRows(),
                entry.getBytes(),
                entry.getChunks(),
                state,
                behind.map(a -> instant(a.getEffectiveFrom())).orElse(null),
                behind.map(Activate::getRequestedBy).orElse(null),
                entry.getSegment());
    }

    /**
     * A request that asks for a baseline, of all that are the one of the model or a segment.
     *
     * @param of by segment, null for the model
     */
    private static Optional<ActivationRequest> asking(
            BaselineEntry entry,
            BaselineCatalogue catalogue,
            Function<String, Optional<ActivationRequest>> of) {
        return catalogue.requests().stream()
                .filter(r -> asksFor(r, entry))
                .map(r -> of.apply(r.activate().getSegment()))
                .flatMap(Optional::stream)
                .filter(r -> asksFor(r, entry))
                .findFirst();
    }

    private static boolean asksFor(ActivationRequest request, BaselineEntry entry) {
        return entry.getBaselineId().equals(request.activate().getBaselineId());
    }

    private static Optional<BaselineDetail.Activation> activation(
            ActivationRequest request, BaselineEntry entry) {
        Activate activate = request.activate();
        if (!activate.getModelId().equals(entry.getModelId())
                || !activate.getModelVersion().equals(entry.getModelVersion())) {
            return Optional.empty();
        }
        return Optional.of(
                new BaselineDetail.Activation(
                        activate.getBaselineId(),
                        instant(activate.getEffectiveFrom()),
                        activate.getRequestedBy(),
                        instant(request.writtenAt() * MICROS_PER_MILLI),
                        activate.getSegment()));
    }

    private static String instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}
