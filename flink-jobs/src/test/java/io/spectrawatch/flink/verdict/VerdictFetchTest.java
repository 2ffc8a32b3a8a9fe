package io.spectrawatch.flink.verdict;

import static io.spectrawatch.flink.verdict.HeldActivations.TOPIC;
import static io.spectrawatch.flink.verdict.HeldActivations.value;
import static io.spectrawatch.flink.verdict.HeldActivations.verdict;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.ValueDigest;
import io.spectrawatch.schemas.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VerdictFetchTest {

    /** Not a verdict. */
    private static final byte[] OTHER = {1, 2, 3};

    /** Of the test that runs: Flink makes the operator from a copy of its factory. */
    private static HeldActivations activations;

    private static CountDownLatch answering;

    private OneInputStreamOperatorTestHarness<ShardRecord, ShardRecord> harness;

    private static final class Factory extends AbstractStreamOperatorFactory<ShardRecord>
            implements OneInputStreamOperatorFactory<ShardRecord, ShardRecord> {

        private static final long serialVersionUID = 1L;

        @Override
        @SuppressWarnings("unchecked")
        public <T extends StreamOperator<ShardRecord>> T createStreamOperator(
                StreamOperatorParameters<ShardRecord> parameters) {
            return (T) new VerdictFetch(parameters, VerdictFetchTest::opened);
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
            return VerdictFetch.class;
        }
    }

    private static AcceptedSnapshots opened() {
        try {
            answering.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new AcceptedSnapshots(activations, TOPIC, Duration.ofMillis(20));
    }

    @BeforeEach
    void open() throws Exception {
        activations = new HeldActivations();
        activations.has(0, 0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
        answering = new CountDownLatch(0);
        harness = new OneInputStreamOperatorTestHarness<>(new Factory());
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private void send(long offset, byte[] value) throws Exception {
        harness.processElement(new StreamRecord<>(new ShardRecord(0, offset, value)));
    }

    private void sendVerdict(long offset) throws Exception {
        send(offset, Wire.encode(verdict(0, offset)));
    }

    private List<ShardRecord> handedOn() {
        return new ArrayList<>(harness.extractOutputValues());
    }

    @Test
    void recordsStayInTheirOrderWithSnapshotsInThePlaceOfVerdicts() throws Exception {
        for (long offset = 0; offset < 8; offset += 2) {
            sendVerdict(offset);
            send(offset + 1, OTHER);
        }
        harness.endInput();

        List<ShardRecord> records = handedOn();
        assertEquals(8, records.size());
        for (int i = 0; i < 8; i++) {
            assertEquals(i, records.get(i).offset());
            assertArrayEquals(i % 2 == 0 ? value(0, i) : OTHER, records.get(i).value());
            byte[] digest = i % 2 == 0 ? ValueDigest.of(value(0, i)) : null;
            assertArrayEquals(digest, records.get(i).digest());
            assertNull(records.get(i).ballast());
        }
    }

    @Test
    void fewWaitAndNoneWhereACheckpointBegins() throws Exception {
        answering = new CountDownLatch(1);
        for (long offset = 0; offset < VerdictFetch.AHEAD; offset++) {
            sendVerdict(offset);
        }
        assertEquals(List.of(), handedOn(), "nothing has been fetched");
        answering.countDown();
        harness.prepareSnapshotPreBarrier(1);
        assertEquals(VerdictFetch.AHEAD, handedOn().size());

        for (long offset = VerdictFetch.AHEAD; offset < 8; offset++) {
            sendVerdict(offset);
        }
        harness.processWatermark(new Watermark(5));
        assertEquals(8, handedOn().size());
    }

    @Test
    void theLastOneDoesNotWaitForAnother() throws Exception {
        sendVerdict(0);
        harness.getTaskMailbox().take(0).run();

        assertArrayEquals(value(0, 0), handedOn().get(0).value());
    }

    @Test
    void aVerdictWhoseSnapshotIsGoneStaysAndSoDoesWhatOnlyClaimsToBeOne() throws Exception {
        activations.loses(0, 1);
        byte[] claim = Wire.encode(verdict(0, 1));
        byte[] cut = Arrays.copyOf(claim, claim.length - 3);
        sendVerdict(0);
        send(1, cut);
        sendVerdict(1);
        harness.endInput();

        assertEquals(0, Wire.decode(handedOn().get(0).value(), AcceptedSnapshot.class).getOffset());
        assertArrayEquals(cut, handedOn().get(1).value());
        assertArrayEquals(value(0, 1), handedOn().get(2).value());
    }

    @Test
    void aReaderThatFailsFailsTheTask() throws Exception {
        sendVerdict(99);

        TimeoutException error = assertThrows(TimeoutException.class, () -> harness.endInput());
        assertTrue(error.getMessage().startsWith(TOPIC + "-0, offset 99: "), error.getMessage());
    }
}
