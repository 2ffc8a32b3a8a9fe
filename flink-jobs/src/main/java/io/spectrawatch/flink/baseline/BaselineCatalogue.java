package io.spectrawatch.flink.baseline;

import io.spectrawatch.flink.baseline.BaselineException.Reason;
import io.spectrawatch.flink.blob.BlobFormat;
import io.spectrawatch.flink.blob.TopicScan;
import io.spectrawatch.schemas.Activate;
import io.spectrawatch.schemas.BaselineEntry;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The complete baselines and who activated which, as they were when it was read. Immutable.
 *
 * <p>In force for a pane is, of the requests effective by its start, the one with the latest
 * effectiveFrom, the later request where they tie; the monitor job goes by the same rule.
 */
public final class BaselineCatalogue {

    private static final Comparator<ActivationRequest> BY_EFFECT =
            Comparator.comparingLong((ActivationRequest r) -> r.activate().getEffectiveFrom())
                    .thenComparingLong(ActivationRequest::offset);

    private final List<BaselineEntry> entries;
    private final List<ActivationRequest> requests;
    private final List<String> unreadable;

    BaselineCatalogue(
            List<BaselineEntry> entries,
            List<ActivationRequest> requests,
            List<String> unreadable) {
        this.entries = List.copyOf(entries);
        this.requests = List.copyOf(requests);
        this.unreadable = List.copyOf(unreadable);
    }

    /**
     * Reads the baselines and activation topics.
     *
     * @throws IOException if one cannot be read
     */
    public static BaselineCatalogue read(Map<String, ?> client, String topicPrefix)
            throws IOException {
        Builder builder = new Builder();
        try (TopicScan scan = new TopicScan(client, Topics.BASELINES.topicName(topicPrefix))) {
            scan.readAll(builder::baseline);
        }
        try (TopicScan scan = new TopicScan(client, Topics.ACTIVATION.topicName(topicPrefix))) {
            scan.readAll(builder::activation);
        }
        return builder.build();
    }

    /** Complete baselines in the order in which they were published. */
    public List<BaselineEntry> entries() {
        return entries;
    }

    /** Activation requests in the order in which they were written. */
    public List<ActivationRequest> requests() {
        return requests;
    }

    /** Records that could not be decoded, each with its place and the reason. */
    public List<String> unreadable() {
        return unreadable;
    }

    /**
     * Finds a baseline.
     *
     * @param id its id, or the beginning of it that no other has
     * @throws BaselineException if none or several have it
     */
    public BaselineEntry find(String id) throws BaselineException {
        List<BaselineEntry> found =
                entries.stream()
                        .filter(e -> !id.isEmpty() && e.getBaselineId().startsWith(id))
                        .toList();
        if (found.isEmpty()) {
            throw new BaselineException(
                    Reason.UNKNOWN,
                    "no baseline '" + id + "' among the " + entries.size() + " published");
        }
        if (found.size() > 1) {
            throw new BaselineException(
                    Reason.AMBIGUOUS,
                    "'"
                            + id
                            + "' begins several ids: "
                            + String.join(
                                    ", ",
                                    found.stream().map(BaselineEntry::getBaselineId).toList()));
        }
        return found.get(0);
    }

    /**
     * The request in force for a pane that starts at a moment, microseconds.
     *
     * @param segment null for the model's own
     */
    public Optional<ActivationRequest> inForce(
            String model, String version, String segment, long at) {
        return history(model, version, segment).stream()
                .filter(r -> r.activate().getEffectiveFrom() <= at)
                .reduce((earlier, later) -> later);
    }

    /**
     * The request that will be in force when all have taken effect.
     *
     * @param segment null for the model's own
     */
    public Optional<ActivationRequest> last(String model, String version, String segment) {
        return history(model, version, segment).stream().reduce((earlier, later) -> later);
    }

    /**
     * What the last request of a model took the place of: the newest request before it that asked
     * for something else, a null baseline included.
     *
     * @param segment null for the model's own
     * @throws BaselineException if there is none
     */
    public Activate previous(String model, String version, String segment)
            throws BaselineException {
        List<ActivationRequest> history = history(model, version, segment);
        for (int i = history.size() - 2; i >= 0; i--) {
            Activate earlier = history.get(i).activate();
            Activate last = history.get(history.size() - 1).activate();
            if (!Objects.equals(earlier.getBaselineId(), last.getBaselineId())) {
                return earlier;
            }
        }
        throw new BaselineException(
                Reason.UNKNOWN,
                "model "
                        + model
                        + " version "
                        + version
                        + (segment == null ? "" : ", segment " + segment)
                        + " has no earlier activation to go back to; "
                        + history.size()
                        + " recorded");
    }

    private List<ActivationRequest> history(String model, String version, String segment) {
        return requests.stream()
                .filter(r -> r.concerns(model, version, segment))
                .sorted(BY_EFFECT)
                .toList();
    }

    /** Collects the records of the two topics. */
    static final class Builder {
        private final Map<String, BaselineEntry> entries = new LinkedHashMap<>();
        private final List<ActivationRequest> requests = new ArrayList<>();
        private final List<String> unreadable = new ArrayList<>();

        void baseline(ConsumerRecord<byte[], byte[]> record) {
            String key = BlobFormat.text(record.key());
            if (!BaselineFormat.isEntryKey(key)) {
                return;
            }
            if (record.value() == null) {
                entries.remove(key);
                return;
            }
            try {
                entries.put(key, Wire.decode(record.value(), BaselineEntry.class));
            } catch (WireException e) {
                unreadable(record, e);
            }
        }

        void activation(ConsumerRecord<byte[], byte[]> record) {
            try {
                requests.add(
                        new ActivationRequest(
                                record.offset(),
                                record.timestamp(),
                                Wire.decode(record.value(), Activate.class)));
            } catch (WireException e) {
                unreadable(record, e);
            }
        }

        private void unreadable(ConsumerRecord<byte[], byte[]> record, WireException e) {
            unreadable.add(record.topic() + " offset " + record.offset() + ": " + e.getMessage());
        }

        BaselineCatalogue build() {
            return new BaselineCatalogue(List.copyOf(entries.values()), requests, unreadable);
        }
    }
}
