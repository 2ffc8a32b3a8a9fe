package io.spectrawatch.flink.blob;

import io.spectrawatch.schemas.BaselineEntry;
import io.spectrawatch.schemas.OffsetRange;
import io.spectrawatch.schemas.Topics;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** Baselines in their topic. */
class BaselineBlobTest extends BlobAssemblyContract {

    BaselineBlobTest() {
        super(BlobTopic.BASELINES);
    }

    @Override
    String entryKey(String hash) {
        return Topics.key(hash, "entry");
    }

    @Override
    SpecificRecord entry(String hash, long bytes, int chunks) {
        List<OffsetRange> range = List.of(new OffsetRange(0, 3L, 5L));
        return new BaselineEntry(
                hash, "m", "1", "ab", range, 10L, bytes, chunks, Map.of("layers", "2"), null);
    }
}
