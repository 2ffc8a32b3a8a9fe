package io.spectrawatch.ops.cli.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.alert.AlertList;
import io.spectrawatch.ops.alert.KnownAlert;
import io.spectrawatch.ops.alert.KnownAlert.State;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.alert.RelatedRecords;
import io.spectrawatch.ops.alert.words.CommandLines;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.AlertNoteKind;
import io.spectrawatch.schemas.AlertTransition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Alerts as people read them. */
class AlertPageTest {

    private static final CommandLines COMMANDS = CommandLines.of("broker:9092", null, null);

    private static final RelatedRecords NOTHING = new RelatedRecords(List.of(), null);

    private static final long ONE = MadeAlerts.NOON + 60 * MadeAlerts.MINUTE;

    private final StringWriter out = new StringWriter();
    private final PrintWriter writer = new PrintWriter(out, true);

    private static KnownAlert drift() {
        Alert alert = MadeAlerts.drift("3fa1c2d4e5f60718", AlertTransition.RAISED, 1);
        List<AlertNote> notes =
                List.of(
                        MadeAlerts.note(alert, AlertNoteKind.ACKNOWLEDGED, 2, null),
                        MadeAlerts.note(alert, AlertNoteKind.MUTED, 3, ONE));
        return new KnownAlert(alert, State.ACTIVE, null, null, notes, ONE);
    }

    private String page(KnownAlert known) {
        new AlertPage(writer, Ink.NONE, COMMANDS).print(known, NOTHING);
        return out.toString();
    }

    @Test
    void anAlertOnAnInterface() {
        assertEquals(
                """
                alert        3fa1c2d4e5f60718
                kind         CERTIFICATE_DRIFT, active
                about        gpt version 3, h.0->h.1
                panes        2026-03-01T12:00:00Z to 2026-03-01T12:01:00Z
                what         interface h.0->h.1: margins are consumed
                proves       at most alpha
                statistic    log evidence of the margin-consumption test 7.500, threshold 4.500: \
                evidence of 1,808 where 90 is enough
                detector     interface-certificate-1
                evidence     what moved: INPUT
                evidence     rows of the pool: 20000
                manifest     shard 0: offsets 3 to 5, 2 snapshots, 3,000 rows, chain \
                0000000000000000
                manifest     shard 1: nothing
                             baseline b1; OpenBLAS 0.3.31 on cpu (SKYLAKEX), Java 17
                             5 records refused and 3 late meanwhile, over all models
                note         2026-03-01T12:02:00Z acknowledged by alice: a rollout
                note         2026-03-01T12:03:00Z muted until 2026-03-01T13:00:00Z by alice: a \
                rollout
                muted        until 2026-03-01T13:00:00Z
                runbook      ops/docs/runbooks.md#certificate_drift
                audit        spectrawatch audit --alert 3fa1c2d4e5f60718 --output \
                audit-3fa1c2d4e5f6 --bootstrap-server broker:9092
                say          spectrawatch alerts ack 3fa1c2d4e5f60718 --reason ... \
                --bootstrap-server broker:9092
                """,
                page(drift()));
    }

    @Test
    void anAlertOnAClientNamesSamplesTokensAndTraces() {
        Alert alert = MadeAlerts.attack("b0", "eve", AlertTransition.RAISED, 1);
        String page = page(new KnownAlert(alert, State.RESOLVED, "f0", ONE, List.of(), null));
        assertTrue(
                page.contains(
                        """
                        kind         CLIENT_UNDER_ATTACK, resolved 2026-03-01T13:00:00Z
                        ended by     f0
                        about        gpt version 3, client eve
                        """),
                page);
        assertTrue(
                page.contains(
                        """
                        sample       r1 of client eve: statistic 12.50
                                     tokens 17 (generated, 50 %), 3 (prompt, 25 %)
                                     trace 4bf92f3577b34da6a3ce929d0e0e4736, span 00f067aa0ba902b7
                                     session s1
                                     route=/chat
                                     spectrawatch decode --topic validated --partition 2 \
                        --from-offset 17 --limit 1 --bootstrap-server broker:9092
                        """),
                page);
    }

    @Test
    void aListSaysWhatWasSaidAndWhatIsNotShown() {
        new AlertScreen(writer, Ink.NONE)
                .print(new AlertList(List.of(drift()), 3, List.of("a, offset 1: odd"), 0, false));
        assertEquals(
                """
                3fa1c2d4e5f6  2026-03-01T12:01:00Z  CERTIFICATE_DRIFT  active
                              gpt version 3, h.0->h.1
                              interface h.0->h.1: margins are consumed
                              2026-03-01T12:02:00Z acknowledged by alice: a rollout
                              muted until 2026-03-01T13:00:00Z
                3 older ones are not shown; --limit shows more
                unreadable: a, offset 1: odd
                """,
                out.toString());
    }

    @Test
    void coloursAreOnlyWhereTheyAreWanted() {
        AlertList list = new AlertList(List.of(drift()), 0, List.of(), 0, false);
        new AlertScreen(writer, Ink.NONE).print(list);
        assertFalse(out.toString().contains("\u001B"));
        new AlertScreen(writer, Ink.COLOURS).print(list);
        assertTrue(out.toString().contains("\u001B[31mCERTIFICATE_DRIFT\u001B[0m"));
    }

    @Test
    void hostileNamesAreText() {
        String evil = "\u001B[31mred\u202E\u0007\nnext" + "x".repeat(200);
        Alert alert =
                Alert.newBuilder(MadeAlerts.attack(evil, evil, AlertTransition.RAISED, 1))
                        .setKind(evil)
                        .setModelId(evil)
                        .setModelVersion(evil)
                        .setSegment(evil)
                        .setDetector(evil)
                        .setGuarantee(evil)
                        .setText(evil)
                        .setEvidence(Map.of(evil, evil, "client", evil))
                        .build();
        List<AlertNote> notes = List.of(MadeAlerts.note(alert, AlertNoteKind.MUTED, 1, ONE));
        KnownAlert known = new KnownAlert(alert, State.ACTIVE, null, null, notes, ONE);
        CommandLines commands = CommandLines.of("b'x", evil, Path.of("a b"));
        new AlertPage(writer, Ink.NONE, commands).print(known, NOTHING);
        AlertScreen screen = new AlertScreen(writer, Ink.NONE);
        screen.print(known);
        screen.print(notes.get(0));

        for (String line : out.toString().split("\n")) {
            assertTrue(line.chars().allMatch(c -> c >= ' ' && c != '\u202E'), line);
            assertFalse(line.startsWith("next"), line);
        }
        assertTrue(out.toString().contains("x".repeat(200)));
        assertTrue(out.toString().contains("--bootstrap-server 'b'\\''x'"), out.toString());
        assertTrue(out.toString().contains("--command-config 'a b'"), out.toString());
        assertTrue(out.toString().contains("$'\\u001b[31mred\\u202e\\u0007\\u000anext"));
    }
}
