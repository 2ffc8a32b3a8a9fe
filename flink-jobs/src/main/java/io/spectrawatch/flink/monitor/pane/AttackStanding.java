package io.spectrawatch.flink.monitor.pane;

import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.detect.attack.StreamKind;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Which alert on a model's traffic stands after a pane, beside the test's own state: its kind, the
 * surges that it still remembers, and the clients whose own alerts are held back because nearly all
 * clients are alike. Immutable.
 *
 * <pre>
 *   "SWAS", version 1
 *   text   kind, absent if none stands
 *   int32  surges, each int64 pane start, int64 beat
 *   int32  clients held back, each text
 * </pre>
 *
 * @param kind null if none stands
 * @param surges of the last panes, by pane
 * @param heldBack in their order
 */
public record AttackStanding(StreamKind kind, List<Fired> surges, TreeSet<String> heldBack) {

    private static final int MAGIC = 0x53574153;
    private static final int VERSION = 1;
    private static final String WHAT = "attack standing";

    public static final AttackStanding NONE = new AttackStanding(null, List.of(), new TreeSet<>());

    /**
     * A pane with overwhelming evidence.
     *
     * @param beat at which it was that
     */
    public record Fired(long paneStart, long beat) {}

    /** Without the surges that are no longer remembered at a pane. */
    public List<Fired> remembered(long paneStart, long span) {
        return surges.stream().filter(each -> paneStart - each.paneStart() < span).toList();
    }

    public byte[] toBytes() {
        ByteWriter out = StateForm.writer(MAGIC, VERSION, 128);
        out.text(kind == null ? null : kind.name()).int32(surges.size());
        surges.forEach(each -> out.int64(each.paneStart()).int64(each.beat()));
        out.int32(heldBack.size());
        heldBack.forEach(out::text);
        return out.toBytes();
    }

    public static AttackStanding fromBytes(byte[] bytes) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        String name = in.optionalText();
        in.require(name == null || isKind(name), "a kind of alert on a stream", name);
        int count = in.count(2 * Long.BYTES);
        List<Fired> surges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Fired next = new Fired(in.int64(), in.int64());
            in.require(
                    i == 0 || surges.get(i - 1).paneStart() < next.paneStart(),
                    "surges by pane",
                    next);
            surges.add(next);
        }
        TreeSet<String> heldBack = new TreeSet<>();
        int clients = in.count(Integer.BYTES);
        for (int i = 0; i < clients; i++) {
            String client = in.requiredText();
            in.require(
                    heldBack.isEmpty() || heldBack.last().compareTo(client) < 0,
                    "clients in their order",
                    client);
            heldBack.add(client);
        }
        in.end();
        StreamKind kind = name == null ? null : StreamKind.valueOf(name);
        return new AttackStanding(kind, List.copyOf(surges), heldBack);
    }

    private static boolean isKind(String name) {
        for (StreamKind kind : StreamKind.values()) {
            if (kind.name().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
