package io.spectrawatch.spectral.detect.attack;

import io.spectrawatch.spectral.detect.reference.DetectorInput;
import io.spectrawatch.spectral.sequential.Evidence;
import io.spectrawatch.spectral.sequential.Hysteresis;
import java.io.DataOutput;
import java.io.IOException;

/**
 * One sequential test on the shares of exceedances, and whether its alert stands; immutable.
 *
 * @param evidence the test; it stands still while the alert does
 * @param active whether the alert stands
 * @param calm calm panes in a row since it was raised
 */
record AttackWatch(Evidence evidence, boolean active, int calm) {

    static AttackWatch start(Evidence evidence) {
        return new AttackWatch(evidence, false, 0);
    }

    /**
     * Takes the share of one pane; after enough calm panes the alert ends and the test goes on in
     * its next epoch.
     */
    AttackWatch observe(double share, int calmPanes) {
        if (!active) {
            Evidence next = evidence.observe(share);
            return new AttackWatch(next, next.alarmed(), 0);
        }
        Hysteresis rule = new Hysteresis(tolerated(), calmPanes, calm).observe(share);
        return rule.resolved()
                ? start(evidence.reopen())
                : new AttackWatch(evidence, true, rule.calm());
    }

    /** The share of exceedances that the test tolerates. */
    double tolerated() {
        return evidence.options().tolerance();
    }

    void write(DataOutput out) throws IOException {
        byte[] bytes = evidence.toBytes();
        out.writeInt(bytes.length);
        out.write(bytes);
        out.writeBoolean(active);
        out.writeInt(calm);
    }

    static AttackWatch read(DetectorInput in) throws IOException {
        byte[] bytes = new byte[in.count("bytes of a test", 0, 1)];
        in.readFully(bytes);
        Evidence evidence = Evidence.fromBytes(bytes);
        boolean active = in.flag();
        if (active != evidence.alarmed()) {
            throw new IOException(
                    "an alert stands while its test is alarmed, found "
                            + active
                            + " and "
                            + evidence.alarmed());
        }
        return new AttackWatch(evidence, active, in.integer("calm panes", 0, Integer.MAX_VALUE));
    }
}
