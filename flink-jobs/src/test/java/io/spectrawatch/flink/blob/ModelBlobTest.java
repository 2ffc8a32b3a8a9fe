package io.spectrawatch.flink.blob;

import io.spectrawatch.schemas.ModelEntry;
import io.spectrawatch.schemas.Topics;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Weights of models in their topic; their entry is found by the model's name. */
class ModelBlobTest extends BlobAssemblyContract {

    ModelBlobTest() {
        super(BlobTopic.MODELS);
    }

    @Override
    String entryKey(String hash) {
        return Topics.key(hash.equals(OTHER) ? "other" : "m", "1", "entry");
    }

    @Override
    SpecificRecord entry(String hash, long bytes, int chunks) {
        return new ModelEntry("m", "1", "ab", hash, bytes, chunks, List.of());
    }
}
