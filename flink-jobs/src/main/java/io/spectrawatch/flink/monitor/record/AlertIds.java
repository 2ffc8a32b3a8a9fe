package io.spectrawatch.flink.monitor.record;

import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.binary.Sha256;
import java.nio.charset.StandardCharsets;

/** Ids of alerts. */
public final class AlertIds {

    private AlertIds() {}

    /** Hash of the escaped and joined parts: equal for a replay, different for any other alert. */
    public static String of(String... parts) {
        return Sha256.hex(Topics.key(parts).getBytes(StandardCharsets.UTF_8));
    }
}
