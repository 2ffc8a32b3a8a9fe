package io.spectrawatch.spectral.detect;

import io.spectrawatch.spectral.sequential.Evidence;
import io.spectrawatch.spectral.sequential.Hysteresis;
import java.io.DataInput;
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
    AttackWatch observe(double share, AttackOptions options) {
        if (!active) {
            Evidence next = evidence.observe(share);
            return new AttackWatch(next, next.alarmed(), 0);
        }
        Hysteresis rule =
                new Hysteresis(options.exceedance(), options.calmPanes(), calm).observe(share);
        return rule.resolved()
                ? start(evidence.reopen())
                : new AttackWatch(evidence, true, rule.calm());
    }

    void write(DataOutput out) throws IOException {
        byte[] bytes = evidence.toBytes();
        out.writeInt(bytes.length);
        out.write(bytes);
        out.writeBoolean(active);
        out.writeInt(calm);
    }

    static AttackWatch read(DataInput in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > 1 << 16) {
            throw new IOException("a test of " + length + " bytes is none");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new AttackWatch(Evidence.fromBytes(bytes), in.readBoolean(), in.readInt());
    }
}
