package io.spectrawatch.flink.monitor.pane;

import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Collection;
import java.util.TreeMap;

/**
 * A model from pane to pane, as its merge bucket knows it: the baseline in force and where the
 * alerts of every interface stand.
 *
 * <pre>
 *   "SWMW", version 1
 *   text   baseline of the last complete pane, absent for none
 *   int32  interfaces, each as WatchedInterface draws it
 * </pre>
 */
public final class ModelWatch {

    private static final int MAGIC = 0x53574D57;
    private static final int VERSION = 1;
    private static final String WHAT = "model watch";
    private static final int FIXED_BYTES = 128;

    private final TreeMap<String, WatchedInterface> interfaces = new TreeMap<>();
    private String baselineId;

    /** The baseline of the last complete pane, null for none. */
    public String baselineId() {
        return baselineId;
    }

    public void judgedBy(String id) {
        baselineId = id;
    }

    /** All interfaces that were ever judged, by name. */
    public Collection<WatchedInterface> interfaces() {
        return interfaces.values();
    }

    /** An interface, null if it was never judged. */
    public WatchedInterface of(String name) {
        return interfaces.get(name);
    }

    public void put(WatchedInterface each) {
        interfaces.put(each.name(), each);
    }

    /** Whether no baseline was ever in force. */
    public boolean isEmpty() {
        return baselineId == null && interfaces.isEmpty();
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, FIXED_BYTES);
        out.text(baselineId).int32(interfaces.size());
        interfaces.values().forEach(each -> each.write(out));
        return out.toBytes();
    }

    public static ModelWatch fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        ModelWatch watch = new ModelWatch();
        watch.baselineId = in.optionalText();
        int count = in.count(WatchedInterface.LEAST_BYTES);
        for (int i = 0; i < count; i++) {
            watch.put(WatchedInterface.read(in));
        }
        in.end();
        return watch;
    }
}
