package io.spectrawatch.ingest.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class AdminEndOffsetsTest {

    private static final TopicPartition PARTITION = new TopicPartition("activations", 1);

    private final KafkaFutureImpl<ListOffsetsResultInfo> highAnswer = new KafkaFutureImpl<>();
    private int stableQuestions;

    /** Answers everything at once but the question for the high watermark. */
    private final Admin admin =
            (Admin)
                    Proxy.newProxyInstance(
                            Admin.class.getClassLoader(),
                            new Class<?>[] {Admin.class},
                            (proxy, method, arguments) -> {
                                Map<?, ?> asked = (Map<?, ?>) arguments[0];
                                return new ListOffsetsResult(
                                        Map.of(
                                                PARTITION,
                                                answer(
                                                        asked.get(PARTITION),
                                                        (ListOffsetsOptions) arguments[1])));
                            });

    private KafkaFuture<ListOffsetsResultInfo> answer(Object spec, ListOffsetsOptions options) {
        if (!(spec instanceof OffsetSpec.LatestSpec)) {
            return KafkaFuture.completedFuture(offset(0));
        }
        if (options.isolationLevel() == IsolationLevel.READ_UNCOMMITTED) {
            return highAnswer;
        }
        stableQuestions++;
        return KafkaFuture.completedFuture(offset(8));
    }

    private static ListOffsetsResultInfo offset(long offset) {
        return new ListOffsetsResultInfo(offset, -1, Optional.empty());
    }

    @Test
    void aRecordAppendedBetweenTwoAnswersIsNoOpenTransaction() throws Exception {
        var end = new AdminEndOffsets(admin, PARTITION.topic()).query(PARTITION.partition());
        assertEquals(0, stableQuestions, "asked only once the high watermark is known");

        highAnswer.complete(offset(7));

        assertEquals(1, stableQuestions);
        assertFalse(end.get().hasOpenTransaction(), end.toString());
    }
}
