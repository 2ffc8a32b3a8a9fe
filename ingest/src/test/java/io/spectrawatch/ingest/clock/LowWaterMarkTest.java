package io.spectrawatch.ingest.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spectrawatch.ingest.state.ShardState;
import io.spectrawatch.ingest.topology.FakeClock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LowWaterMarkTest {

    private static final int SHARD = 3;

    private final FakeClock clock = new FakeClock();
    private final ReadPositions positions = new ReadPositions();
    private final Deque<CompletableFuture<ShardEnd>> questions = new ArrayDeque<>();
    private final LowWaterMark mark =
            new LowWaterMark(
                    shard -> {
                        questions.add(new CompletableFuture<>());
                        return questions.getLast();
                    },
                    positions,
                    SHARD,
                    clock,
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
    void waitsWhileRecordsAreUnprocessedHoweverLongTheEndStandsStill() {
        mark.processed(0, 100);
        pollAt(500);
        for (int i = 1; i < 100; i++) {
            answer(2);
            pollAt(500 + i * 1_000_000L);
        }

        assertEquals(100, mark.time());
    }

    @Test
    void waitsWhileTheConsumerHasHandedOutWhatIsNotProcessed() {
        mark.processed(0, 100);
        positions.polled(SHARD, 5, 3);
        pollAt(500);
        answer(5);
        pollAt(600);
        assertEquals(100, mark.time());

        mark.processed(3, 110);
        answer(5);
        pollAt(700);

        assertEquals(600, mark.time(), "offset 4 is a marker, which the consumer has passed");
    }

    @Test
    void aPositionOfAnEarlierOwnerProvesNothing() {
        positions.polled(SHARD, 9, -1);
        LowWaterMark again =
                new LowWaterMark(
                        shard -> CompletableFuture.completedFuture(end(9, 9)),
                        positions,
                        SHARD,
                        clock,
                        ShardState.fresh(60));
        clock.now = 500;
        again.poll();
        again.poll();
        assertEquals(0, again.time());

        positions.polled(SHARD, 9, -1);
        again.poll();

        assertEquals(500, again.time());
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
    void waitsForAnOpenTransactionAndTellsSinceWhen() {
        mark.processed(0, 100);
        pollAt(500);
        assertEquals(0, mark.heldMicros());
        answer(1, 4);
        pollAt(600);
        answer(1, 4);
        pollAt(900);
        assertEquals(100, mark.time());
        assertEquals(400, mark.heldMicros());
        assertEquals(1, mark.heldAt());

        mark.processed(1, 550);
        answer(2, 5);
        pollAt(1000);
        assertEquals(100, mark.heldMicros(), "the first ended, the next one holds");

        mark.processed(2, 990);
        positions.polled(SHARD, 6, 2);
        answer(6);
        pollAt(1100);
        assertEquals(1000, mark.time());
        assertEquals(0, mark.heldMicros());
    }

    @Test
    void aTransactionDoesNotHoldWhatIsNotReadUpToIt() {
        pollAt(500);
        answer(1, 4);
        pollAt(600);

        assertEquals(0, mark.heldMicros(), "the reader is behind, not held");
        assertEquals(0, mark.time());
    }

    @Test
    void aTransactionThatEndedIsNotHeldAgainstTheNextOneThatIsNotReadUpTo() {
        mark.processed(0, 100);
        pollAt(500);
        answer(1, 4);
        pollAt(600);
        answer(6, 9);
        pollAt(900);

        assertEquals(0, mark.heldMicros(), "four records are still to be read");
    }

    @Test
    void waitsForRecordsThatReplicasDoNotHaveYet() {
        mark.processed(0, 100);
        pollAt(500);
        questions.removeFirst().complete(new ShardEnd(0, -1, 1, 1));
        pollAt(600);
        assertEquals(100, mark.time(), "the leader has appended one that it does not show");

        questions.removeFirst().complete(new ShardEnd(1, -1, 1, 1));
        pollAt(700);
        assertEquals(600, mark.time(), "all records were deleted by retention");
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
        answer(end, end);
    }

    private void answer(long stable, long high) {
        questions.removeFirst().complete(end(stable, high));
    }

    private static ShardEnd end(long stable, long high) {
        return new ShardEnd(0, stable < high ? -1 : high - 1, stable, high);
    }
}
