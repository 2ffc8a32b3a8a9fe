package io.spectrawatch.ops.cli.screen;

import io.spectrawatch.ops.alert.AlertList;
import io.spectrawatch.ops.alert.AlertPrecision;
import io.spectrawatch.ops.alert.KnownAlert;
import io.spectrawatch.ops.alert.KnownAlert.State;
import io.spectrawatch.ops.alert.words.AlertWords;
import io.spectrawatch.ops.audit.record.Times;
import io.spectrawatch.ops.text.Printable;
import io.spectrawatch.schemas.AlertNote;
import java.io.PrintWriter;
import java.util.Locale;

/** Alerts for people: lists, lines and counts. One alert as a whole is a {@link AlertPage}. */
public final class AlertScreen {

    private static final String INDENT = "              ";

    private static final String COUNT = "%-22s  %-26s  %-8s  %6s  %6s  %9s  %s%n";

    private final PrintWriter out;
    private final Ink ink;

    public AlertScreen(PrintWriter out, Ink ink) {
        this.out = out;
        this.ink = ink;
    }

    public void print(AlertList list) {
        if (list.alerts().isEmpty()) {
            out.println("no such alert is recorded");
        }
        list.alerts().forEach(this::print);
        if (list.older() > 0) {
            out.printf("%,d older ones are not shown; --limit shows more%n", list.older());
        }
        if (list.notesMissing()) {
            out.println("there is no topic of notes; topics create makes it");
        }
        if (list.notesLost() > 0) {
            out.printf("%,d older notes were passed over%n", list.notesLost());
        }
        list.unreadable().forEach(each -> out.println("unreadable: " + Printable.text(each)));
    }

    /** One alert in a few lines. */
    public void print(KnownAlert known) {
        String kind = Printable.text(known.alert().getKind());
        out.println(
                ink.bold(AlertWords.shortId(known.alert().getId()))
                        + "  "
                        + Times.text(known.alert().getPaneEnd())
                        + "  "
                        + (known.state() == State.ACTIVE ? ink.red(kind) : kind)
                        + "  "
                        + coloured(known));
        out.println(INDENT + AlertWords.about(known.alert()));
        out.println(INDENT + Printable.text(known.alert().getText()));
        AlertNote seen = known.acknowledgement();
        if (seen != null) {
            out.println(INDENT + AlertWords.note(seen));
        }
        AlertNote judged = known.feedback();
        if (judged != null) {
            out.println(INDENT + AlertWords.note(judged));
        }
        if (known.mutedUntil() != null) {
            out.println(INDENT + "muted until " + Times.text(known.mutedUntil()));
        }
    }

    private String coloured(KnownAlert known) {
        String state = AlertWords.state(known);
        return switch (known.state()) {
            case ACTIVE -> known.acknowledgement() == null ? ink.red(state) : ink.yellow(state);
            case RESOLVED, END -> ink.green(state);
            case SAMPLE -> state;
        };
    }

    /** A note, and the alert that it is about. */
    public void print(AlertNote note) {
        out.println(
                ink.bold(AlertWords.shortId(note.getAlertId()))
                        + "  "
                        + Printable.text(note.getAlertKind())
                        + "  "
                        + AlertWords.note(note));
    }

    public void print(AlertPrecision precision) {
        if (precision.rows().isEmpty()) {
            out.println("nobody has said of any such alert whether it was a true alarm");
            return;
        }
        out.printf(
                COUNT, "kind", "detector", "month", "true", "false", "precision", "95 % interval");
        for (AlertPrecision.Row row : precision.rows()) {
            out.printf(
                    COUNT,
                    Printable.text(row.kind()),
                    Printable.text(row.detector()),
                    row.month() == null ? "all" : row.month(),
                    String.format(Locale.ROOT, "%,d", row.trueAlarms()),
                    String.format(Locale.ROOT, "%,d", row.falseAlarms()),
                    String.format(Locale.ROOT, "%.3f", row.precision()),
                    String.format(Locale.ROOT, "[%.3f, %.3f]", row.lower(), row.upper()));
        }
    }
}
