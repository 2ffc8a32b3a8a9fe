package io.spectrawatch.ops.console;

import io.spectrawatch.ops.alert.AlertLog;
import io.spectrawatch.ops.alert.AlertLog.Says;
import io.spectrawatch.ops.alert.KnownAlert;
import io.spectrawatch.ops.alert.RelatedRecords;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNoteKind;
import java.io.IOException;
import java.util.Map;
import java.util.function.LongSupplier;

/** Asks the deployment's topics. */
final class TopicAlerts implements AlertSource {

    private final Map<String, Object> client;
    private final String prefix;
    private final AlertLog log;

    TopicAlerts(Map<String, Object> client, String prefix, LongSupplier clock) {
        this.client = client;
        this.prefix = prefix;
        this.log = new AlertLog(client, prefix, clock);
    }

    @Override
    public Alert at(long offset, String id) throws IOException {
        return log.at(offset, id);
    }

    @Override
    public KnownAlert find(String id) throws IOException {
        return log.find(id);
    }

    @Override
    public RelatedRecords behind(Alert alert) throws IOException {
        return RelatedRecords.of(alert, client, prefix);
    }

    @Override
    public void say(Alert alert, AlertNoteKind kind, Says says, Long mutedUntil)
            throws IOException {
        log.say(alert, kind, says, mutedUntil);
    }
}
