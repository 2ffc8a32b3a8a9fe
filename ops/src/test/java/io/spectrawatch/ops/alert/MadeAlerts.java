package io.spectrawatch.ops.alert;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertNoteKind;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.NumericConfig;
import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.SpeakingRow;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Alerts and notes as a monitor and people would have written them. */
public final class MadeAlerts {

    /** 2026-03-01T12:00:00Z in microseconds. */
    public static final long NOON = 1_772_366_400_000_000L;

    public static final long MINUTE = 60_000_000L;

    static {
        // Avro builds records once Wire has named them.
        Wire.currentSchemas();
    }

    private MadeAlerts() {}

    /** Of an interface; the pane ends so many minutes after noon. */
    public static Alert drift(String id, AlertTransition transition, int minute) {
        return Alert.newBuilder()
                .setId(id)
                .setKind("CERTIFICATE_DRIFT")
                .setTransition(transition)
                .setModelId("gpt")
                .setModelVersion("3")
                .setPart("h.0->h.1")
                .setDetector("interface-certificate-1")
                .setPaneStart(NOON + (minute - 1) * MINUTE)
                .setPaneEnd(NOON + minute * MINUTE)
                .setStatistic(
                        new Interval("log evidence of the margin-consumption test", 7.5, 7.5, 7.5))
                .setThreshold(4.5)
                .setGuarantee("at most alpha")
                .setText("interface h.0->h.1: margins are consumed")
                .setEvidence(Map.of("rows", "20000", "attribution", "INPUT"))
                .setManifest(manifest())
                .build();
    }

    /** Of a client, with a sample that spoke. */
    public static Alert attack(String id, String client, AlertTransition transition, int minute) {
        SampleExample example =
                new SampleExample(
                        "r1",
                        client,
                        2,
                        17L,
                        12.5,
                        new SampleContext(
                                "s1",
                                "4bf92f3577b34da6a3ce929d0e0e4736",
                                "00f067aa0ba902b7",
                                Map.of("route", "/chat")),
                        List.of(
                                new SpeakingRow(17L, "GENERATED", 0.5),
                                new SpeakingRow(3L, "PROMPT", 0.25)));
        return Alert.newBuilder(drift(id, transition, minute))
                .setKind("CLIENT_UNDER_ATTACK")
                .setPart(null)
                .setDetector("exceedance-test-1")
                .setStatistic(new Interval("log evidence of the exceedance test", 9.0, 9.0, 9.0))
                .setText("client " + client + ": 31 of 400 samples lie beyond the limit")
                .setEvidence(Map.of("client", client, "samples", "400", "exceedances", "31"))
                .setExamples(List.of(example))
                .build();
    }

    public static Manifest manifest() {
        ByteBuffer chain = ByteBuffer.wrap(new byte[32]);
        return new Manifest(
                List.of(
                        new ShardInput(0, 3L, 5L, 6L, 2L, 3000L, chain, 1L),
                        new ShardInput(1, -1L, -1L, 4L, 0L, 0L, chain, 1L)),
                "b1",
                new NumericConfig(
                        "host", "OpenBLAS", "0.3.31", "SKYLAKEX", "cpu", 1, 64, "17", Map.of()),
                5L,
                3L);
    }

    /** A note so many minutes after noon. */
    public static AlertNote note(Alert alert, AlertNoteKind kind, int minute, Long mutedUntil) {
        AlertLog.Says says = new AlertLog.Says("alice", NOON + minute * MINUTE, "a rollout");
        return NotePublisher.note(alert, kind, says, mutedUntil);
    }
}
