package io.spectrawatch.flink.monitor.score;

import io.spectrawatch.flink.monitor.message.RankedSample;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.detect.combine.SampleSums;
import io.spectrawatch.spectral.detect.combine.Scorer;
import java.util.Map;
import java.util.TreeMap;

/**
 * A sample that is being scored: what its first part said of it, and how far it has come.
 *
 * <pre>
 *   text x 2   capture id, id
 *   text x 5   client, tenant, session, trace id, span id, each may be absent
 *   int32      attributes, each text x 2 name, value
 *   int64 x 2  capture time of the first part, offset of the last
 *   int32 x 2  parts, number of the last one
 *   flag       whether a part or rows of one are missing
 *   int64      rows that have a place in the sequence
 *   bytes      sums over the rows
 * </pre>
 */
final class OpenSample {

    /** Why a sample is not judged. */
    enum Incomplete {
        /** Its pane closed before its last part came. */
        NO_LAST_PART,
        /** A part, or the beginning, did not come or could not be scored. */
        MISSING_PART,
        /** More samples were open than may be. */
        EVICTED
    }

    static final int LEAST_BYTES = 64;

    private final SampleKey key;
    private final Sample sample;
    private final long capturedAt;
    private final SampleSums sums;
    private long offset;
    private int parts;
    private int lastPart;
    private boolean missing;
    private long placed;
    private Incomplete ending;
    private boolean open = true;

    /** Place in the batch behind the last row that waits there; 0 for none. */
    private int waitingRows;

    /**
     * Begins a sample.
     *
     * @param key null where it is whole in its snapshot
     * @param sample its first part
     */
    OpenSample(SampleKey key, Sample sample, long capturedAt, long offset, SampleSums sums) {
        this.key = key;
        this.sample = sample;
        this.capturedAt = capturedAt;
        this.offset = offset;
        this.sums = sums;
        this.parts = 1;
        this.lastPart = sample.getPart();
    }

    SampleKey key() {
        return key;
    }

    /** Its first part: who sent it, and its context. */
    Sample sample() {
        return sample;
    }

    /** Where it comes from. */
    SampleContext context() {
        return new SampleContext(
                sample.getSession(),
                sample.getTraceId(),
                sample.getSpanId(),
                new TreeMap<>(sample.getAttributes()));
    }

    long capturedAt() {
        return capturedAt;
    }

    /** Of the snapshot with its last part. */
    long offset() {
        return offset;
    }

    int parts() {
        return parts;
    }

    SampleSums sums() {
        return sums;
    }

    /** Takes the next part. */
    void next(Sample part, long at) {
        missing |= part.getPart() != lastPart + 1;
        lastPart = part.getPart();
        offset = at;
        parts++;
    }

    /** Notes that rows of it could not be scored. */
    void miss() {
        missing = true;
    }

    /** Ends it: whole, where nothing is missing, unless there is a reason. */
    OpenSample end(Incomplete reason) {
        open = false;
        ending = missing && reason != Incomplete.EVICTED ? Incomplete.MISSING_PART : reason;
        return this;
    }

    /** Whether more of it may come. */
    boolean isOpen() {
        return open;
    }

    /** Why it is not judged; null where it is whole. */
    Incomplete ending() {
        return ending;
    }

    /** Takes the place of the next row that does not say its own. */
    long place() {
        return placed++;
    }

    /** Place in the batch behind its last row there; 0 for none. */
    int waitingRows() {
        return waitingRows;
    }

    void waits(int end) {
        waitingRows = end;
    }

    /** Characters of what it says of itself. */
    long textLength() {
        long length = key.captureId().length() + key.id().length();
        for (String each :
                new String[] {
                    sample.getClient(),
                    sample.getTenant(),
                    sample.getSession(),
                    sample.getTraceId(),
                    sample.getSpanId()
                }) {
            length += each == null ? 0 : each.length();
        }
        for (var each : sample.getAttributes().entrySet()) {
            length += each.getKey().length() + each.getValue().length();
        }
        return length;
    }

    void write(ByteWriter out) {
        out.text(key.captureId()).text(key.id()).text(sample.getClient()).text(sample.getTenant());
        out.text(sample.getSession()).text(sample.getTraceId()).text(sample.getSpanId());
        RankedSample.write(sample.getAttributes(), out);
        out.int64(capturedAt).int64(offset).int32(parts).int32(lastPart).flag(missing);
        out.int64(placed).bytes(sums.toBytes());
    }

    static OpenSample read(ByteReader in, Scorer scorer) {
        SampleKey key = new SampleKey(in.requiredText(), in.requiredText());
        Sample.Builder sample =
                Sample.newBuilder()
                        .setId(key.id())
                        .setClient(in.optionalText())
                        .setTenant(in.optionalText())
                        .setSession(in.optionalText())
                        .setTraceId(in.optionalText())
                        .setSpanId(in.optionalText())
                        .setLast(false);
        Map<String, String> attributes = RankedSample.attributes(in);
        long capturedAt = in.int64();
        long offset = in.int64();
        int parts = in.int32();
        int lastPart = in.int32();
        boolean missing = in.flag();
        long placed = in.int64();
        in.require(parts > 0 && placed >= 0, "a part and its rows", key);
        OpenSample read =
                new OpenSample(
                        key,
                        sample.setAttributes(attributes).build(),
                        capturedAt,
                        offset,
                        scorer.sums(in.bytes()));
        read.parts = parts;
        read.lastPart = lastPart;
        read.missing = missing;
        read.placed = placed;
        return read;
    }
}
