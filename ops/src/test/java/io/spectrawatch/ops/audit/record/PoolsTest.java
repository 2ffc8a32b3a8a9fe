package io.spectrawatch.ops.audit.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.ops.audit.Made;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Topics;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the pools of a range begin. */
class PoolsTest {

    private static final Scope SCOPE = new Scope("m", "1", 100, 200);

    private static Pools before(InterfaceCertificate... certificates) {
        return Pools.before(
                SCOPE,
                Arrays.stream(certificates)
                        .map(each -> Made.entry(Topics.CERTIFICATES, 0, each))
                        .toList());
    }

    @Test
    void withoutCertificatesTheRangeIsAll() {
        assertEquals(new Pools(100, List.of()), before());
    }

    @Test
    void aPoolThatReachesIntoTheRangeBeginsBeforeIt() {
        InterfaceCertificate last = Made.certificate("a", 40, 80, "b");
        Pools pools =
                before(
                        Made.certificate("a", 0, 40, "b"),
                        last,
                        Made.certificate("a", 80, 120, "b"),
                        Made.certificate("a", 120, 160, "b"));
        assertEquals(new Pools(80, List.of(last)), pools);
    }

    @Test
    void aRefusedPaneEndsNoPool() {
        InterfaceCertificate last = Made.certificate("a", 0, 60, "b");
        Pools pools =
                before(last, Made.refused("a", 70, 80, "b"), Made.certificate("a", 60, 120, "b"));
        assertEquals(new Pools(60, List.of(last)), pools);
    }

    @Test
    void interfacesOfOneBaselineBeginEachAtItsOwn() {
        InterfaceCertificate a = Made.certificate("a", 40, 80, "b");
        InterfaceCertificate b = Made.certificate("b", 40, 90, "b");
        assertEquals(new Pools(80, List.of(a, b)), before(a, b));
    }

    @Test
    void acrossASwitchAllBeginBeforeIt() {
        InterfaceCertificate a = Made.certificate("a", 0, 40, "old");
        InterfaceCertificate b = Made.certificate("b", 0, 40, "old");
        Pools pools =
                before(
                        a,
                        b,
                        Made.certificate("b", 50, 90, "new"),
                        Made.certificate("a", 50, 150, "new"));
        assertEquals(new Pools(40, List.of(a, b)), pools);
    }

    @Test
    void anInterfaceNeverCertifiedBeforeTakesAllBackToTheBeginning() {
        Pools pools = before(Made.certificate("a", 0, 40, "b"), Made.certificate("b", 0, 150, "b"));
        assertEquals(new Pools(0, List.of()), pools);
    }
}
