package io.spectrawatch.flink.monitor.record;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.binary.Sha256;
import java.nio.charset.StandardCharsets;

/** Ids of alerts. */
public final class AlertIds {

    private AlertIds() {}

    /**
     * Hash of the escaped and joined parts, and of the segment where there is one: equal for a
     * replay, different for any other alert.
     *
     * @param model whose segment is meant
     */
    public static String of(ModelKey model, String... parts) {
        String joined = Topics.inSegment(Topics.key(parts), model.segment());
        return Sha256.hex(joined.getBytes(StandardCharsets.UTF_8));
    }
}
