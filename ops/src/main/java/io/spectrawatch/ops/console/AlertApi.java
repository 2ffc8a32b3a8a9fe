package io.spectrawatch.ops.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.alert.AlertBook;
import io.spectrawatch.ops.alert.AlertFilter;
import io.spectrawatch.ops.alert.AlertList;
import io.spectrawatch.ops.alert.AlertLog;
import io.spectrawatch.ops.alert.AlertPrecision;
import io.spectrawatch.ops.alert.KnownAlert;
import io.spectrawatch.ops.alert.RelatedRecords;
import io.spectrawatch.ops.alert.words.AlertJson;
import io.spectrawatch.ops.alert.words.AlertWords;
import io.spectrawatch.ops.alert.words.MovedBlocks;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNote;
import java.io.IOException;
import java.util.Locale;
import java.util.TreeMap;

/** Alerts in a line each, and one alert as a whole. */
final class AlertApi {

    private static final int USUAL = 200;

    /** Blocks of an alignment matrix that are put in words; the picture has all. */
    private static final int MOST_BLOCKS = 4;

    private final AlertBook book;
    private final AlertSource source;
    private final ConsoleSettings settings;

    AlertApi(AlertBook book, AlertSource source, ConsoleSettings settings) {
        this.book = book;
        this.source = source;
        this.settings = settings;
    }

    ObjectNode list(Query query) {
        AlertFilter filter =
                new AlertFilter(
                        query.text("model"),
                        query.text("kind"),
                        null,
                        null,
                        query.text("active") != null);
        AlertList found =
                book.list(
                        filter,
                        query.text("samples") != null,
                        query.number("limit", USUAL, AlertLog.MOST_ALERTS));
        ObjectNode node = Trees.object();
        ArrayNode alerts = node.putArray("alerts");
        found.alerts().forEach(each -> alerts.add(line(each)));
        node.put("older", found.older());
        ArrayNode precision = node.putArray("precision");
        for (AlertPrecision.Row row : book.precision().rows()) {
            if (row.month() == null) {
                precision.addPOJO(row);
            }
        }
        return node;
    }

    private static ObjectNode line(KnownAlert known) {
        Alert alert = known.alert();
        ObjectNode node = Trees.object();
        node.put("id", alert.getId());
        node.put("kind", alert.getKind());
        node.put("state", known.state().name().toLowerCase(Locale.ROOT));
        node.put("about", AlertWords.about(alert));
        node.put("model", alert.getModelId());
        node.put("version", alert.getModelVersion());
        node.put("segment", alert.getSegment());
        node.put("part", alert.getPart());
        node.put("text", alert.getText());
        node.put("paneEnd", Trees.seconds(alert.getPaneEnd()));
        node.put(
                "resolvedAt",
                known.resolvedAt() == null ? null : Trees.seconds(known.resolvedAt()));
        AlertNote acknowledged = known.acknowledgement();
        node.put("acknowledgedBy", acknowledged == null ? null : acknowledged.getAuthor());
        AlertNote verdict = known.feedback();
        node.put("verdict", verdict == null ? null : verdict.getKind().name());
        node.put("muted", known.mutedUntil() != null);
        return node;
    }

    /** An alert by its whole id, with what lies behind it. */
    ObjectNode one(String id) throws IOException {
        KnownAlert known = whole(id);
        Alert alert = known.alert();
        RelatedRecords behind = source.behind(alert);
        ObjectNode node = AlertJson.of(known, behind, settings.commands());
        ObjectNode words = node.putObject("words");
        words.put("about", AlertWords.about(alert));
        words.put("state", AlertWords.state(known));
        words.put("statistic", AlertWords.statistic(alert));
        ArrayNode evidence = words.putArray("evidence");
        new TreeMap<>(alert.getEvidence())
                .forEach(
                        (name, value) ->
                                evidence.addObject()
                                        .put("name", AlertWords.evidenceName(name))
                                        .put("value", value));
        ArrayNode notes = words.putArray("notes");
        known.notes().forEach(each -> notes.add(AlertWords.note(each)));
        ArrayNode changes = words.putArray("changes");
        ArrayNode blocks = words.putArray("blocks");
        if (behind.certificate() != null && behind.certificate().getFindings() != null) {
            behind.certificate()
                    .getFindings()
                    .getChanges()
                    .forEach(each -> changes.add(AlertWords.change(each)));
            MovedBlocks.of(behind.certificate().getFindings(), MOST_BLOCKS).forEach(blocks::add);
        }
        node.put("show", settings.commands().of("alerts show", id));
        node.put("acknowledge", settings.commands().of("alerts ack", id, "--reason", "..."));
        return node;
    }

    /** With its manifest, which the book does without. */
    KnownAlert whole(String id) throws IOException {
        KnownAlert known = book.find(id);
        if (known == null) {
            return source.find(id);
        }
        Alert whole = source.at(book.offset(id), id);
        return whole == null || !whole.getId().equals(id)
                ? known
                : new KnownAlert(
                        whole,
                        known.state(),
                        known.resolvedBy(),
                        known.resolvedAt(),
                        known.notes(),
                        known.mutedUntil());
    }
}
