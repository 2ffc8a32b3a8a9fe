package io.spectrawatch.ingest.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LowWaterMarkTest {

    private static final long IDLE_TIMEOUT = 1000;

    private final FakeClock clock = new FakeClock();
    private final Deque<CompletableFuture<Long>> questions = new ArrayDeque<>();
    private final LowWaterMark mark =
            new LowWaterMark(
                    shard -> {
                        questions.add(new CompletableFuture<>());
                        return questions.getLast();
                    },
                    3,
                    clock,
                    IDLE_TIMEOUT,
                    ShardState.fresh(60));

    @Test
    void followsTheLargestAppendTime() {
        mark.processed(0, 100);
        mark.processed(1, 300);
        mark.processed(2, 200);

        assertEquals(300, mark.time());
        assertEquals(3, mark.nextOffset());
    }

    @Test
    void followsTheClockOfTheQuestionOnceEverythingBeforeItIsProcessed() {
        mark.processed(0, 100);
        pollAt(500);
        answer(1);
        pollAt(900);

        assertEquals(500, mark.time(), "the time of the question, not of the answer");
    }

    @Test
    void anEmptyShardIsCaughtUp() {
        pollAt(500);
        answer(0);
        pollAt(600);

        assertEquals(500, mark.time());
    }

    @Test
    void waitsWhileRecordsAreUnprocessed() {
        mark.processed(0, 100);
        pollAt(500);
        answer(2);
        pollAt(600);

        assertEquals(100, mark.time());
    }

    @Test
    void recordsProcessedAfterTheQuestionCountForItsProof() {
        pollAt(500);
        mark.processed(0, 450);
        mark.processed(1, 700);
        answer(1);
        pollAt(800);

        assertEquals(700, mark.time());
    }

    @Test
    void anEndThatStandsStillForTheIdleTimeoutCountsAsReached() {
        mark.processed(0, 100);
        pollAt(500);
        answer(2);
        pollAt(1000);
        answer(2);
        pollAt(1499);
        answer(2);
        pollAt(1500);
        assertEquals(100, mark.time());
        answer(2);
        pollAt(1600);

        assertEquals(1500, mark.time());
    }

    @Test
    void movementStartsTheIdleTimeoutAgain() {
        pollAt(500);
        answer(2);
        pollAt(1400);
        mark.processed(0, 90);
        answer(2);
        pollAt(2300);
        answer(2);
        pollAt(2350);
        answer(2);
        pollAt(2399);

        assertEquals(90, mark.time());
    }

    @Test
    void neverGoesBack() {
        mark.processed(0, 1000);
        pollAt(500);
        answer(1);
        pollAt(600);

        assertEquals(1000, mark.time());
    }

    @Test
    void asksOneQuestionAtATimeAndSurvivesAFailedOne() {
        assertNull(pollAt(500));
        assertNull(pollAt(600));
        assertEquals(1, questions.size());

        questions.removeFirst().completeExceptionally(new IllegalStateException("no broker"));
        assertNotNull(pollAt(700));
        answer(0);
        assertNull(pollAt(800));

        assertEquals(700, mark.time());
    }

    private Throwable pollAt(long time) {
        clock.now = time;
        return mark.poll();
    }

    private void answer(long end) {
        questions.removeFirst().complete(end);
    }
}
