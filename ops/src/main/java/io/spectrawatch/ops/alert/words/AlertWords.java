package io.spectrawatch.ops.alert.words;

import io.spectrawatch.ops.alert.AlertSubject;
import io.spectrawatch.ops.alert.KnownAlert;
import io.spectrawatch.ops.audit.record.Times;
import io.spectrawatch.ops.text.Printable;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import io.spectrawatch.schemas.ElementChange;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.SpeakingRow;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the records around an alert say, in words. Names come out printable. */
public final class AlertWords {

    /** Digits of an id that tell the alerts of a year apart. */
    private static final int SHORT_ID = 12;

    /** A logarithm whose exponential is a number to read. */
    private static final double READABLE = 20;

    private static final String LOGARITHM = "log evidence";

    /** What entries of the evidence are called; others go by their own names. */
    private static final Map<String, String> NAMES =
            Map.ofEntries(
                    Map.entry("rows", "rows of the pool"),
                    Map.entry("panes", "panes of the pool"),
                    Map.entry("driftScore", "score of the drift test, 0 to 1"),
                    Map.entry("spectrumScore", "score of the spectrum test, 0 to 1"),
                    Map.entry("escapeX", "energy of the first layer outside its window"),
                    Map.entry("escapeY", "energy of the second layer outside its window"),
                    Map.entry("attribution", "what moved"),
                    Map.entry("samples", "samples"),
                    Map.entry("exceedances", "samples beyond the calibration's limit"),
                    Map.entry("toleratedShare", "tolerated share beyond it"),
                    Map.entry("clients", "clients"),
                    Map.entry("clientsExceeding", "clients mostly beyond the limit"),
                    Map.entry("clientsStanding", "clients with this alert now"),
                    Map.entry("requests", "requests of the client"),
                    Map.entry("closeRequests", "requests that continue a trail"),
                    Map.entry("client", "client"),
                    Map.entry("epoch", "epoch of the test"),
                    Map.entry("baseline", "baseline"),
                    Map.entry("interfaceBaseline", "the interface's part of it"),
                    Map.entry("stateBefore", "state of the test before"),
                    Map.entry("stateAfter", "state of the test after"));

    private AlertWords() {}

    public static String shortId(String id) {
        return Printable.text(id.length() > SHORT_ID ? id.substring(0, SHORT_ID) : id);
    }

    public static String evidenceName(String key) {
        return Printable.text(NAMES.getOrDefault(key, key));
    }

    /** The model, and what of it. */
    public static String about(Alert alert) {
        AlertSubject subject = AlertSubject.of(alert);
        StringBuilder text =
                new StringBuilder(alert.getModelId())
                        .append(" version ")
                        .append(alert.getModelVersion());
        if (subject.segment() != null) {
            text.append(", segment ").append(subject.segment());
        }
        if (subject.part() != null) {
            text.append(alert.getPart() == null ? ", client " : ", ").append(subject.part());
        }
        if (alert.getSampleId() != null) {
            text.append(", sample ").append(alert.getSampleId());
        }
        return Printable.text(text.toString());
    }

    /** What became of it. */
    public static String state(KnownAlert known) {
        return switch (known.state()) {
            case ACTIVE -> "active";
            case RESOLVED -> "resolved " + Times.text(known.resolvedAt());
            case SAMPLE -> "one sample";
            case END -> "end of an alert";
        };
    }

    /** The statistic against its threshold, with what a logarithm of evidence means. */
    public static String statistic(Alert alert) {
        Interval statistic = alert.getStatistic();
        if (statistic == null) {
            return "none";
        }
        StringBuilder text = new StringBuilder(statistic.getName());
        text.append(' ').append(number(statistic.getEstimate()));
        if (statistic.getLower() < statistic.getUpper()) {
            text.append(" in ").append(interval(statistic));
        }
        if (alert.getThreshold() != null) {
            text.append(", threshold ").append(number(alert.getThreshold()));
        }
        double log = statistic.getEstimate();
        if (statistic.getName().startsWith(LOGARITHM)
                && alert.getThreshold() != null
                && Math.abs(log) < READABLE
                && Math.abs(alert.getThreshold()) < READABLE) {
            text.append(": evidence of ")
                    .append(whole(StrictMath.exp(log)))
                    .append(" where ")
                    .append(whole(StrictMath.exp(alert.getThreshold())))
                    .append(" is enough");
        }
        return Printable.text(text.toString());
    }

    private static String whole(double value) {
        return value < 10 ? number(value) : String.format(Locale.ROOT, "%,.0f", value);
    }

    public static String interval(Interval interval) {
        return "[" + number(interval.getLower()) + ", " + number(interval.getUpper()) + "]";
    }

    public static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /** Rows that spoke; tokens where they have a phase. */
    public static String speaking(List<SpeakingRow> rows) {
        boolean tokens = rows.stream().anyMatch(row -> row.getPhase() != null);
        return Printable.text(
                (tokens ? "tokens " : "rows ")
                        + rows.stream()
                                .map(
                                        row ->
                                                row.getPosition()
                                                        + (row.getPhase() == null
                                                                ? " ("
                                                                : " ("
                                                                        + word(row.getPhase())
                                                                        + ", ")
                                                        + percent(row.getShare())
                                                        + ")")
                                .collect(Collectors.joining(", ")));
    }

    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /** A changed element: a channel for a group, or an edge between groups. */
    public static String change(ElementChange change) {
        String what =
                change.getColumn() < 0
                        ? "edge between groups " + change.getGroup() + " and " + change.getOther()
                        : "channel " + change.getColumn() + " for group " + change.getGroup();
        return what
                + (change.getPresent() ? " appeared" : " vanished")
                + ", margin "
                + number(change.getMargin());
    }

    /** A note as a sentence without its subject. */
    public static String note(AlertNote note) {
        String said =
                switch (note.getKind()) {
                    case ACKNOWLEDGED -> "acknowledged";
                    case MUTED ->
                            note.getMutedUntil() == null
                                    ? "muted"
                                    : note.getMutedUntil() <= note.getWrittenAt()
                                            ? "mute ended"
                                            : "muted until " + Times.text(note.getMutedUntil());
                    case TRUE_ALARM -> "called a true alarm";
                    case FALSE_ALARM -> "called a false alarm";
                };
        return Printable.text(
                Times.text(note.getWrittenAt())
                        + " "
                        + said
                        + " by "
                        + note.getAuthor()
                        + (note.getReason().isEmpty() ? "" : ": " + note.getReason()));
    }

    public static String word(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
