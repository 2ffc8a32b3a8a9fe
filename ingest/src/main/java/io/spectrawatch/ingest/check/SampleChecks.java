package io.spectrawatch.ingest.check;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.Sample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What each sample of a snapshot must be by itself, and how parts of one sample stand beside one
 * another in it.
 */
final class SampleChecks {

    private static final int MAX_ATTRIBUTES = 16;
    private static final int MAX_ATTRIBUTE_VALUE = 256;

    private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern TRACE = Pattern.compile("(?!0{32})[0-9a-f]{32}");
    private static final Pattern SPAN = Pattern.compile("(?!0{16})[0-9a-f]{16}");

    private final int most;
    private final FieldChecks fields;

    SampleChecks(IngestConfig limits, FieldChecks fields) {
        this.most = limits.samples();
        this.fields = fields;
    }

    void check(List<Sample> samples) throws Refused {
        FieldChecks.count("samples", samples.size(), most);
        Map<String, Integer> latest = new HashMap<>();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            String at = "samples[" + i + "].";
            fields.text(at + "id", sample.getId());
            FieldChecks.notNegative(at + "part", sample.getPart());
            Integer before = latest.put(sample.getId(), i);
            if (before != null) {
                follows(samples.get(before), before, sample, at);
            }
            origin(sample, at);
            trace(sample, at);
            attributes(sample.getAttributes(), at);
        }
    }

    private void origin(Sample sample, String at) throws Refused {
        fields.optional(at, "client", sample.getClient());
        fields.optional(at, "tenant", sample.getTenant());
        double weight = sample.getSamplingWeight();
        if (!(weight > 0) || Double.isInfinite(weight)) {
            throw FieldChecks.invalid(
                    at + "samplingWeight must be finite and > 0, found " + weight);
        }
        fields.optional(at, "session", sample.getSession());
    }

    private static void trace(Sample sample, String at) throws Refused {
        hexadecimal(at, "traceId", sample.getTraceId(), TRACE, 32);
        hexadecimal(at, "spanId", sample.getSpanId(), SPAN, 16);
        if (sample.getSpanId() != null && sample.getTraceId() == null) {
            throw FieldChecks.invalid(
                    at
                            + "spanId must be absent without a traceId, found '"
                            + sample.getSpanId()
                            + "'");
        }
    }

    private static void hexadecimal(String at, String field, String id, Pattern pattern, int digits)
            throws Refused {
        if (id != null && !pattern.matcher(id).matches()) {
            throw FieldChecks.invalid(
                    at
                            + field
                            + " must be "
                            + digits
                            + " lower-case hexadecimal digits, not all 0, found '"
                            + id
                            + "'");
        }
    }

    private static void attributes(Map<String, String> attributes, String at) throws Refused {
        if (attributes.size() > MAX_ATTRIBUTES) {
            throw FieldChecks.invalid(
                    at
                            + "attributes may be "
                            + MAX_ATTRIBUTES
                            + " at most, found "
                            + attributes.size());
        }
        if (attributes.isEmpty()) {
            return;
        }
        // The first in a fixed order is named, whatever the map's.
        for (Map.Entry<String, String> attribute : new TreeMap<>(attributes).entrySet()) {
            if (!ATTRIBUTE.matcher(attribute.getKey()).matches()) {
                throw FieldChecks.invalid(
                        at
                                + "attributes: a name must be 1..64 of A-Z, a-z, 0-9, '_', '.' and"
                                + " '-', found '"
                                + attribute.getKey()
                                + "'");
            }
            FieldChecks.text(
                    at + "attributes[" + attribute.getKey() + "]",
                    attribute.getValue(),
                    MAX_ATTRIBUTE_VALUE);
        }
    }

    /** Requires that a sample of an id that the snapshot has before is the next part of it. */
    private static void follows(Sample before, int beforeAt, Sample sample, String at)
            throws Refused {
        boolean parts = sample.getPart() > 0 || before.getPart() > 0 || !before.getLast();
        if (!parts) {
            throw FieldChecks.invalid(at + "id '" + sample.getId() + "' occurs twice");
        }
        String whose = " of sample '" + sample.getId() + "'";
        if (before.getLast()) {
            throw new Refused(
                    RejectionReason.PART_ORDER,
                    at
                            + "part"
                            + whose
                            + " must not follow the last, which is "
                            + before.getPart()
                            + " in samples["
                            + beforeAt
                            + "], found "
                            + sample.getPart());
        }
        if (sample.getPart() != before.getPart() + 1L) {
            throw new Refused(
                    RejectionReason.PART_ORDER,
                    at
                            + "part"
                            + whose
                            + " must be "
                            + (before.getPart() + 1L)
                            + ", the one after samples["
                            + beforeAt
                            + "], found "
                            + sample.getPart());
        }
    }
}
