package io.spectrawatch.flink.verdict;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.spectrawatch.schemas.AcceptedSnapshot;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class AcceptedValuesTest {

    private static final String LOG = "spectrawatch.validated";

    @Test
    void whatIsNoVerdictPassesAndNobodyCanClaimThatItWasVerified() {
        try (AcceptedValues values = new AcceptedValues()) {
            values.configure(Map.of(), false);
            byte[] tick = Wire.encode(new Tick(1L, 2L, 3L, 0, 1, 0L, null, null));
            byte[] verdict =
                    Wire.encode(new AcceptedSnapshot(0, 1L, null, ByteBuffer.wrap(new byte[32])));
            for (byte[] value :
                    new byte[][] {
                        null, {}, {1, 2, 3}, tick, Arrays.copyOf(verdict, verdict.length - 1)
                    }) {
                Headers headers = new RecordHeaders().add("spectrawatch.verified", new byte[32]);

                assertSame(value, values.deserialize(LOG, headers, value));
                assertNull(AcceptedValues.digest(record(headers, value)));
            }
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(Headers headers, byte[] value) {
        return new ConsumerRecord<>(
                LOG,
                0,
                0L,
                0L,
                TimestampType.CREATE_TIME,
                0,
                0,
                null,
                value,
                headers,
                Optional.empty());
    }
}
