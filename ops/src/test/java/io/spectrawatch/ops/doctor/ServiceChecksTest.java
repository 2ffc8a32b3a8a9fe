package io.spectrawatch.ops.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.doctor.DoctorFinding.Status;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServiceChecksTest {

    private static DoctorFinding balance(long... taken) {
        TreeMap<Integer, Long> shards = new TreeMap<>();
        for (int shard = 0; shard < taken.length; shard++) {
            shards.put(shard, taken[shard]);
        }
        return ServiceChecks.balance("activations", shards);
    }

    @Test
    void oneShardMayNotTakeThreeTimesTheMean() {
        DoctorFinding uneven = balance(10, 305, 50, 35);
        assertEquals(Status.WARNING, uneven.status());
        assertEquals("shard 1 took 305 of 400 snapshots of the last 15 minutes", uneven.found());
        assertTrue(uneven.allowed().contains("3 times the mean of all 4"), uneven.allowed());
        assertEquals(Status.OK, balance(15, 300, 50, 35).status());
        assertEquals(Status.OK, balance(100, 100, 100, 100).status());
        assertEquals(Status.OK, balance(1000).status(), "there is only one");
    }

    @Test
    void fewSnapshotsSayNothing() {
        assertEquals(Status.OK, balance(99, 0, 0, 0, 0).status());
        assertEquals(Status.WARNING, balance(100, 0, 0, 0, 0).status());
        assertEquals(Status.OK, balance(0, 0).status());
    }
}
