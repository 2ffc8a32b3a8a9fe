package io.spectrawatch.ops.alert.words;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.alert.AlertList;
import io.spectrawatch.ops.alert.KnownAlert;
import io.spectrawatch.ops.alert.RelatedRecords;
import io.spectrawatch.ops.show.RecordJson;
import io.spectrawatch.schemas.AlertNote;
import java.util.Locale;

/** Alerts for programs: the records as decode shows them, with what became of them. */
public final class AlertJson {

    private static final RecordJson RECORDS = new RecordJson(false);

    private AlertJson() {}

    public static ObjectNode of(AlertList list) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode alerts = node.putArray("alerts");
        list.alerts().forEach(each -> alerts.add(of(each)));
        node.put("older", list.older());
        ArrayNode unreadable = node.putArray("unreadable");
        list.unreadable().forEach(unreadable::add);
        return node;
    }

    public static ObjectNode of(KnownAlert known) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("alert", RECORDS.tree(known.alert()));
        node.put("state", known.state().name().toLowerCase(Locale.ROOT));
        node.put("resolvedBy", known.resolvedBy());
        node.put("resolvedAt", known.resolvedAt());
        node.put("acknowledged", known.acknowledgement() != null);
        node.put("mutedUntil", known.mutedUntil());
        ArrayNode notes = node.putArray("notes");
        known.notes().forEach(note -> notes.add(RECORDS.tree(note)));
        return node;
    }

    /** An alert with what it rests on and the command that audits it. */
    public static ObjectNode of(KnownAlert known, RelatedRecords behind, CommandLines commands) {
        ObjectNode node = of(known);
        ArrayNode samples = node.putArray("samples");
        behind.samples().forEach(each -> samples.add(RECORDS.tree(each)));
        node.set(
                "certificate",
                behind.certificate() == null
                        ? JsonNodeFactory.instance.nullNode()
                        : RECORDS.tree(behind.certificate()));
        node.put("audit", commands.audit(known.alert()));
        return node;
    }

    public static ObjectNode of(AlertNote note) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("note", RECORDS.tree(note));
        return node;
    }
}
