package io.spectrawatch.spectral.sequential;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class EvidenceTest {
    private static final double[] SCORES = {.1, .9, .8, .2, 1};
    private static final EvidenceOptions THREE_BETS =
            new EvidenceOptions(.2, .01, 1, Horizon.ANYTIME, 3);

    private final long seed = Long.getLong("spectrawatch.seed", 20260101L);
    private final String repeat =
            "repeat with: mvn -pl spectral-core test -Dtest=EvidenceTest -Dspectrawatch.seed="
                    + seed;

    @Test
    void anytimeEvidenceMatchesTheWorkedSequence() {
        double[] expected = {
            0.86875, 1.783671875, 4.452189453125, 4.452189453125, 15.8550427734375
        };
        Evidence evidence = Evidence.start(THREE_BETS);
        for (int t = 0; t < SCORES.length; t++) {
            evidence = evidence.observe(SCORES[t]);
            assertEquals(expected[t], Math.exp(evidence.logEvidence()), 1e-13 * expected[t]);
        }
    }

    @Test
    void runLengthEvidenceMatchesTheWorkedSequence() {
        double[] expected = {0.7375, 4.79234375, 15.97250390625, 16.97250390625, 65.225272};
        Evidence evidence = Evidence.start(THREE_BETS.withHorizon(Horizon.RUN_LENGTH));
        for (int t = 0; t < SCORES.length; t++) {
            evidence = evidence.observe(SCORES[t]);
            assertEquals(expected[t], Math.exp(evidence.logEvidence()), 1e-7 * expected[t]);
        }
    }

    @Test
    void p13TheRecursionEqualsTheSumOverStartTimes() {
        Random random = new Random(seed);
        for (int trial = 0; trial < 50; trial++) {
            EvidenceOptions options =
                    new EvidenceOptions(
                            .05 + .9 * random.nextDouble(), 1e-300, 1, Horizon.ANYTIME, 6);
            double[] scores = random.doubles(1 + random.nextInt(60)).toArray();
            Evidence evidence = Evidence.start(options);
            for (double score : scores) {
                evidence = evidence.observe(score);
                assertTrue(evidence.logEvidence() > Double.NEGATIVE_INFINITY, repeat);
            }
            double expected = bruteForce(options, scores);
            assertEquals(expected, Math.exp(evidence.logEvidence()), 1e-11 * expected, repeat);
        }
    }

    private static double bruteForce(EvidenceOptions options, double[] scores) {
        double sum = 0;
        for (int start = 1; start <= scores.length; start++) {
            double mixture = 0;
            for (int k = 0; k < options.bets(); k++) {
                double product = 1;
                for (int t = start; t <= scores.length; t++) {
                    product *= 1 + options.bet(k) * (scores[t - 1] - options.tolerance());
                }
                mixture += product / options.bets();
            }
            sum += mixture / (start * (start + 1.0));
        }
        return sum + 1 / (scores.length + 1.0);
    }

    @Test
    void nothingOverflowsInALongExcursion() {
        EvidenceOptions options = EvidenceOptions.defaults().withAlpha(Double.MIN_NORMAL);
        Evidence low = Evidence.start(options);
        for (int t = 0; t < 20_000; t++) {
            low = low.observe(0);
        }
        assertTrue(Double.isFinite(low.logEvidence()));
        Evidence high = Evidence.start(options.withHorizon(Horizon.RUN_LENGTH));
        while (!high.alarmed()) {
            high = high.observe(1);
        }
        assertTrue(high.logEvidence() > 700);
    }

    @Test
    void anAlarmStandsUntilTheNextEpochAtASmallerLevel() {
        EvidenceOptions options = EvidenceOptions.defaults().withAlpha(.05).withWeight(.5);
        Evidence evidence = Evidence.start(options);
        assertEquals(Math.log(2 / .025), evidence.logThreshold(), 1e-12);
        while (!evidence.alarmed()) {
            evidence = evidence.observe(1);
        }
        assertEquals(1, evidence.progress());
        assertSame(evidence, evidence.observe(0));
        Evidence next = evidence.reopen();
        assertFalse(next.alarmed());
        assertEquals(2, next.epoch());
        assertEquals(0, next.logEvidence());
        assertEquals(Math.log(6 / .025), next.logThreshold(), 1e-12);
    }

    @Test
    void refusesScoresOutsideTheUnitInterval() {
        Evidence evidence = Evidence.start(EvidenceOptions.defaults());
        for (double score : new double[] {-1e-9, 1.0000001, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> evidence.observe(score));
        }
    }

    @Test
    void bytesContinueBitForBit() {
        Evidence evidence = Evidence.start(EvidenceOptions.defaults());
        for (double score : SCORES) {
            evidence = evidence.observe(score);
        }
        Evidence read = Evidence.fromBytes(evidence.toBytes());
        assertArrayEquals(evidence.toBytes(), read.toBytes());
        assertEquals(evidence.observe(.7).digest(), read.observe(.7).digest());
    }

    @Test
    void goldenFileOfVersion1() throws IOException {
        Evidence evidence = Evidence.start(THREE_BETS);
        for (double score : SCORES) {
            evidence = evidence.observe(score);
        }
        try (InputStream in = getClass().getResourceAsStream("evidence-v1.bin")) {
            assertArrayEquals(in.readAllBytes(), evidence.toBytes());
        }
    }

    @Test
    void refusesDamagedAndUnknownBytes() {
        byte[] bytes = Evidence.start(EvidenceOptions.defaults()).toBytes();
        for (int at : new int[] {0, 4, 5, 8, 24, bytes.length - 1}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x40;
            assertThrows(EvidenceFormatException.class, () -> Evidence.fromBytes(damaged));
        }
        assertThrows(EvidenceFormatException.class, () -> Evidence.fromBytes(new byte[3]));
        byte[] horizon = bytes.clone();
        horizon[5] = 3;
        CRC32C crc = new CRC32C();
        crc.update(horizon, 0, horizon.length - 4);
        ByteBuffer.wrap(horizon)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(horizon.length - 4, (int) crc.getValue());
        assertThrows(EvidenceFormatException.class, () -> Evidence.fromBytes(horizon));
    }
}
