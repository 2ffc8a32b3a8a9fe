package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.schemas.SpeakingRow;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A scored sample that an alert may name, the most suspicious first.
 *
 * <pre>
 *   text x 2   client as it is counted, sample id; absent or there
 *   text       client as its snapshot names it
 *   int32      shard
 *   int64      offset
 *   fp64       statistic
 *   text x 3   session, trace id, span id; each may be absent
 *   int32      attributes, each text x 2 name, value
 *   int32      rows that spoke, each int64 position, text phase or absent, fp64 share
 * </pre>
 *
 * @param counted its client as clients are counted, null where it names none
 */
public record RankedSample(String counted, SampleExample sample) {

    /** Samples that an alert names. */
    public static final int MOST = 3;

    /** Clients of which the loudest are kept apart. */
    private static final int CLIENTS = 8;

    private static final int MOST_KEPT = MOST * (1 + CLIENTS);
    private static final int LEAST_BYTES = 9 * Integer.BYTES + 2 * Long.BYTES;
    private static final int LEAST_ATTRIBUTE_BYTES = 2 * Integer.BYTES;
    private static final int LEAST_ROW_BYTES = Integer.BYTES + 2 * Long.BYTES;

    private static final Comparator<RankedSample> ORDER =
            Comparator.comparingDouble((RankedSample each) -> each.sample().getStatistic())
                    .reversed()
                    .thenComparingInt(each -> each.sample().getShard())
                    .thenComparingLong(each -> each.sample().getOffset())
                    .thenComparing(each -> each.sample().getSampleId());

    /**
     * Adds a sample to those that are kept: the loudest of all, and the loudest of each of the
     * clients that have the loudest.
     *
     * @param kept the most suspicious first
     */
    public static void add(List<RankedSample> kept, RankedSample next) {
        int at = kept.size();
        while (at > 0 && ORDER.compare(next, kept.get(at - 1)) < 0) {
            at--;
        }
        kept.add(at, next);
        Map<String, Integer> clients = new HashMap<>();
        int place = 0;
        for (Iterator<RankedSample> each = kept.iterator(); each.hasNext(); place++) {
            String client = each.next().counted();
            boolean known =
                    client != null && (clients.size() < CLIENTS || clients.containsKey(client));
            int own = known ? clients.merge(client, 1, Integer::sum) : 0;
            if (place >= MOST && (own == 0 || own > MOST)) {
                each.remove();
            }
        }
    }

    /** What several shards kept, in one order. */
    public static List<RankedSample> merge(Collection<List<RankedSample>> shards) {
        return shards.stream().flatMap(List::stream).sorted(ORDER).toList();
    }

    /** The most suspicious of all. */
    public static List<RankedSample> first(List<RankedSample> ordered) {
        return List.copyOf(ordered.subList(0, Math.min(MOST, ordered.size())));
    }

    public static void write(List<RankedSample> samples, ByteWriter out) {
        out.int32(samples.size());
        for (RankedSample each : samples) {
            each.write(out);
        }
    }

    private void write(ByteWriter out) {
        out.text(counted).text(sample.getSampleId()).text(sample.getClient());
        out.int32(sample.getShard()).int64(sample.getOffset()).fp64(sample.getStatistic());
        SampleContext context = sample.getContext();
        out.text(context.getSession()).text(context.getTraceId()).text(context.getSpanId());
        write(context.getAttributes(), out);
        out.int32(sample.getSpeaking().size());
        for (SpeakingRow row : sample.getSpeaking()) {
            out.int64(row.getPosition()).text(row.getPhase()).fp64(row.getShare());
        }
    }

    public static List<RankedSample> read(ByteReader in) {
        int count = in.count(LEAST_BYTES);
        in.require(count <= MOST_KEPT, "at most " + MOST_KEPT + " samples", count);
        List<RankedSample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RankedSample next = readOne(in);
            in.require(
                    i == 0 || ORDER.compare(samples.get(i - 1), next) <= 0,
                    "the most suspicious sample first",
                    next.sample().getSampleId());
            samples.add(next);
        }
        return samples;
    }

    /** Writes attributes, in the order of their names. */
    public static void write(Map<String, String> attributes, ByteWriter out) {
        out.int32(attributes.size());
        new TreeMap<>(attributes).forEach((name, own) -> out.text(name).text(own));
    }

    /** Reads what {@link #write(Map, ByteWriter)} wrote. */
    public static Map<String, String> attributes(ByteReader in) {
        TreeMap<String, String> attributes = new TreeMap<>();
        int names = in.count(LEAST_ATTRIBUTE_BYTES);
        for (int i = 0; i < names; i++) {
            String name = in.requiredText();
            in.require(i == 0 || attributes.lastKey().compareTo(name) < 0, "names in order", name);
            attributes.put(name, in.requiredText());
        }
        return attributes;
    }

    private static RankedSample readOne(ByteReader in) {
        String counted = in.optionalText();
        String id = in.requiredText();
        String client = in.optionalText();
        int shard = in.int32();
        long offset = in.int64();
        double statistic = in.finite(1)[0];
        String session = in.optionalText();
        String trace = in.optionalText();
        String span = in.optionalText();
        Map<String, String> attributes = attributes(in);
        List<SpeakingRow> speaking = new ArrayList<>();
        int rows = in.count(LEAST_ROW_BYTES);
        for (int i = 0; i < rows; i++) {
            speaking.add(new SpeakingRow(in.int64(), in.optionalText(), in.finite(1)[0]));
        }
        return new RankedSample(
                counted,
                new SampleExample(
                        id,
                        client,
                        shard,
                        offset,
                        statistic,
                        new SampleContext(session, trace, span, attributes),
                        speaking));
    }
}
