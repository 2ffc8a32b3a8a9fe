package io.spectrawatch.ingest.topology;

import io.spectrawatch.ingest.model.ClaimedModels;
import io.spectrawatch.ingest.model.KnownModel;
import io.spectrawatch.ingest.model.ModelRegister;
import io.spectrawatch.schemas.ModelIdentity;
import java.util.ArrayList;
import java.util.List;

/** A register whose log is a list, which several shards may share. */
final class FakeRegister implements ModelRegister {

    final List<ModelIdentity> log = new ArrayList<>();

    /** Claims of other instances that get into the log ahead of the next one. */
    final List<ModelIdentity> ahead = new ArrayList<>();

    private final ClaimedModels models;

    FakeRegister(int maxModels, int maxLayers) {
        models = new ClaimedModels(maxModels, maxLayers);
    }

    @Override
    public KnownModel find(String key) {
        return models.find(key);
    }

    @Override
    public void refresh() {
        List.copyOf(ahead).forEach(this::append);
        ahead.clear();
    }

    @Override
    public List<KnownModel> claim(List<ModelIdentity> claims) {
        refresh();
        List<KnownModel> outcomes = new ArrayList<>();
        for (ModelIdentity claim : claims) {
            append(claim);
            outcomes.add(models.find(ClaimedModels.key(claim)));
        }
        return outcomes;
    }

    private void append(ModelIdentity claim) {
        models.take(claim, log.size());
        log.add(claim);
    }
}
