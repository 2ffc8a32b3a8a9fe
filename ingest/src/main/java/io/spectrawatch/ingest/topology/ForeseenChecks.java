package io.spectrawatch.ingest.topology;

import io.spectrawatch.ingest.check.Refused;
import io.spectrawatch.ingest.check.SnapshotValidator;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.RejectionReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks of a snapshot by itself: no input may stop the stream, not even one that they did not
 * foresee.
 */
final class ForeseenChecks {

    private static final Logger LOG = LoggerFactory.getLogger(ForeseenChecks.class);

    private final SnapshotValidator validator;
    private final int shard;

    ForeseenChecks(SnapshotValidator validator, int shard) {
        this.validator = validator;
        this.shard = shard;
    }

    ActivationSnapshot identify(byte[] key, byte[] value) throws Refused {
        try {
            return validator.identify(key, value);
        } catch (RuntimeException e) {
            throw unforeseen(e);
        }
    }

    void check(ActivationSnapshot snapshot) throws Refused {
        try {
            validator.check(snapshot);
        } catch (RuntimeException e) {
            throw unforeseen(e);
        }
    }

    private Refused unforeseen(RuntimeException e) {
        LOG.error("shard {}: a check failed; the record is rejected", shard, e);
        return new Refused(
                RejectionReason.UNDECODABLE,
                "a check failed, which is to be reported with the record: " + e);
    }
}
