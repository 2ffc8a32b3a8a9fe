package io.spectrawatch.spectral.detect.attack;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.detect.reference.Names;
import java.io.ByteArrayOutputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** The binary form of an {@link AttackState}. */
final class AttackStateCodec {
    /**
     * Layout, big-endian:
     *
     * <pre>
     *   int magic "SWAT" | int version = 2 | UTF baseline
     *   watch of all traffic | long panes | int admissions | double missed
     *   int clients | clients x (int bytes | UTF-8 id | long last pane | int admission | watch
     *       | double standing)
     *   watch = int bytes | test | boolean active | int calm panes
     * </pre>
     *
     * <p>Version 1 had no standings. A state read from it is written as it was read, so that its
     * digest stays what the record before it names; the state after its next pane is of version 2.
     */
    private static final int MAGIC = 0x53574154;

    static final int VERSION = 2;

    private static final int WITHOUT_STANDINGS = 1;

    /** Of an empty id and an empty test, which both do not exist. */
    private static final int LEAST_CLIENT_BYTES = 4 * Integer.BYTES + Long.BYTES + 1;

    private AttackStateCodec() {}

    static byte[] toBytes(AttackState state) {
        boolean standings = state.version() == VERSION;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(state.version());
            out.writeUTF(state.baselineId());
            state.model().write(out);
            out.writeLong(state.panes());
            out.writeInt(state.admissions());
            WatchedClients clients = state.clients();
            if (standings) {
                out.writeDouble(clients.missed());
            }
            out.writeInt(clients.byId().size());
            for (Map.Entry<String, WatchedClients.Client> each : clients.byId().entrySet()) {
                write(each.getKey(), each.getValue(), standings, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("attack state: cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(
            String id, WatchedClients.Client client, boolean standings, DataOutput out)
            throws IOException {
        Names.write(out, id);
        out.writeLong(client.lastPane());
        out.writeInt(client.admission());
        client.watch().write(out);
        if (standings) {
            out.writeDouble(client.standing());
        }
    }

    static AttackState fromBytes(byte[] bytes) {
        try (DetectorInput in = new DetectorInput(bytes)) {
            in.integer("magic", MAGIC, MAGIC);
            int version = in.integer("version", WITHOUT_STANDINGS, VERSION);
            String baselineId = in.text();
            AttackWatch model = AttackWatch.read(in);
            long panes = number(in, "panes", Long.MAX_VALUE);
            int admissions = in.integer("admissions", 0, Integer.MAX_VALUE);
            boolean standings = version == VERSION;
            double missed = standings ? standing(in) : 0;
            TreeMap<String, WatchedClients.Client> clients = new TreeMap<>();
            int count = in.count("clients", 0, LEAST_CLIENT_BYTES);
            for (int i = 0; i < count; i++) {
                String id = Names.read(in, "client id");
                if (!clients.isEmpty() && clients.lastKey().compareTo(id) >= 0) {
                    throw new IOException("clients ascending by id expected, found " + id);
                }
                long lastPane = number(in, "last pane", panes);
                int admission = in.integer("admission", 1, admissions);
                AttackWatch watch = AttackWatch.read(in);
                double standing = standings ? standing(in) : 0;
                clients.put(id, new WatchedClients.Client(watch, lastPane, admission, standing));
            }
            in.end();
            return new AttackState(
                    baselineId,
                    model,
                    panes,
                    admissions,
                    new WatchedClients(clients, missed),
                    version);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "attack state of " + bytes.length + " bytes: " + e.getMessage(), e);
        }
    }

    private static long number(DetectorInput in, String what, long most) throws IOException {
        long value = in.readLong();
        if (value < 0 || value > most) {
            throw new IOException(what + " from 0 to " + most + " expected, found " + value);
        }
        return value;
    }

    private static double standing(DetectorInput in) throws IOException {
        double value = in.finite("standing");
        // The bits of a zero are part of the digest.
        if (value < 0 || Double.doubleToRawLongBits(value) == Long.MIN_VALUE) {
            throw new IOException("a standing from 0 expected, found " + value);
        }
        return value;
    }
}
