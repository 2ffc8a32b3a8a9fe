package io.spectrawatch.ops.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.console.store.History;
import io.spectrawatch.ops.console.store.ModelHistory;
import io.spectrawatch.ops.console.store.SampleHistory;
import io.spectrawatch.ops.console.store.WatchedModel;
import io.spectrawatch.ops.show.RecordJson;
import io.spectrawatch.schemas.SampleScores;
import java.util.List;

/** The samples of a model. */
final class SamplesApi {

    private static final int BINS = 20;
    private static final RecordJson RECORDS = new RecordJson(false);

    private final History history;

    SamplesApi(History history) {
        this.history = history;
    }

    ObjectNode samples(WatchedModel key) throws NoSuchThingException {
        ObjectNode found =
                history.read(
                        models -> {
                            ModelHistory model = models.get(key);
                            return model == null ? null : whole(key, model.samples());
                        });
        return NoSuchThingException.require(
                found, "the model " + key.model() + ' ' + key.version());
    }

    private static ObjectNode whole(WatchedModel key, SampleHistory samples) {
        ObjectNode node = Trees.of(key);
        node.put("samples", samples.samples());
        node.put("findings", samples.found());
        node.put("incomplete", samples.incomplete());
        ArrayNode histogram = node.putArray("histogram");
        for (int count : samples.histogram(BINS)) {
            histogram.add(count);
        }
        ObjectNode rates = node.putObject("rates");
        rates.set("time", Trees.times(samples.rates()));
        rates.set("samples", Trees.column(samples.rates(), 0));
        rates.set("findings", Trees.column(samples.rates(), 1));
        ObjectNode exceedances = node.putObject("exceedances");
        exceedances.set("time", Trees.times(samples.exceedances()));
        exceedances.set("samples", Trees.column(samples.exceedances(), 0));
        exceedances.set("exceedances", Trees.column(samples.exceedances(), 1));
        ObjectNode loudest = node.putObject("loudest");
        samples.loudest().forEach(loudest::put);
        ArrayNode latest = node.putArray("latest");
        samples.findings().forEach(each -> latest.add(line(each)));
        ArrayNode pairs = node.putArray("pairs");
        samples.pairs().forEach(each -> pairs.add(line(each)));
        return node;
    }

    private static ObjectNode line(SampleScores each) {
        ObjectNode node = RECORDS.tree(each);
        // Said above, or in the alert.
        node.remove(List.of("modelId", "modelVersion", "segment", "guarantee"));
        return node;
    }
}
