package io.spectrawatch.ops.alert.words;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.ops.console.MadeRecords;
import io.spectrawatch.schemas.BlockEnergies;
import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.ErrorTerms;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks that are proven to have moved, in words. */
class MovedBlocksTest {

    private static CertificateFindings findings(BlockEnergies blocks) {
        CertificateFindings made =
                MadeRecords.certificate("gpt", "a->b", "a", "b", 1, 0).getFindings();
        return CertificateFindings.newBuilder(made)
                .setGroups(2)
                .setColumns(5)
                .setEpsilon(new ErrorTerms(0.0, 0.0, 0.01, 0.0, 0.01))
                .setReferenceEpsilon(new ErrorTerms(0.0, 0.0, 0.02, 0.0, 0.02))
                .setBlocks(blocks)
                .build();
    }

    @Test
    void theLargestMovementComesFirst() {
        CertificateFindings found =
                findings(
                        new BlockEnergies(
                                List.of(0, 1),
                                List.of(0, 1, 3),
                                List.of(0.5, 0.25, 0.125, 0.5, 0.5, 0.0625),
                                List.of(0.5, 0.1875, 0.125, 0.5, 0.75, 0.0625)));
        assertEquals(
                List.of(
                        "group 1, columns 1 to 2: energy 0.7500 in the reference, 0.5000 now,"
                                + " errors together 0.03000",
                        "group 0, columns 1 to 2: energy 0.1875 in the reference, 0.2500 now,"
                                + " errors together 0.03000"),
                MovedBlocks.of(found, 8));
        assertEquals(1, MovedBlocks.of(found, 1).size());
    }

    @Test
    void whatTheErrorsReachIsNotSaid() {
        List<Double> reference = List.of(0.5, 0.5);
        List<Double> near = List.of(0.52, 0.48);
        assertEquals(
                List.of(),
                MovedBlocks.of(
                        findings(new BlockEnergies(List.of(0), List.of(0, 3), near, reference)),
                        8));
    }

    @Test
    void aRecordOfAnEarlierReleaseHasNone() {
        assertEquals(List.of(), MovedBlocks.of(findings(null), 8));
    }
}
