package io.spectrawatch.flink.verdict;

import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.schemas.AcceptedSnapshot;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Hands records on in their order, with accepted snapshots in the place of verdicts: a thread of
 * its own fetches and compares them while those before are taken further on.
 *
 * <p>At most {@value #AHEAD} records wait here. None do when a checkpoint begins, so there is no
 * state. A verdict whose snapshot is gone, or no longer the one that was accepted, stays as it is:
 * what takes it then says that it left a record out.
 */
final class VerdictFetch extends AbstractStreamOperator<ShardRecord>
        implements OneInputStreamOperator<ShardRecord, ShardRecord>, BoundedOneInput {

    private static final long serialVersionUID = 1L;

    /** One that is fetched, one that is there, and room for a fetch that takes longer. */
    static final int AHEAD = 4;

    private static final long PATIENCE_SECONDS = 30;

    private final transient MailboxExecutor mailbox;
    private final transient Source source;
    private final transient ArrayDeque<CompletableFuture<ShardRecord>> waiting = new ArrayDeque<>();
    private transient ExecutorService fetcher;
    private transient AcceptedSnapshots snapshots;

    /** Opens the reader of the activations, when the first verdict comes. */
    interface Source {
        AcceptedSnapshots open();
    }

    VerdictFetch(StreamOperatorParameters<ShardRecord> parameters, Source source) {
        super(parameters);
        this.mailbox = parameters.getMailboxExecutor();
        this.source = source;
    }

    @Override
    public void processElement(StreamRecord<ShardRecord> element) throws Exception {
        ShardRecord record = element.getValue();
        AcceptedSnapshot verdict = AcceptedValues.verdict(record.value());
        if (verdict != null) {
            CompletableFuture<ShardRecord> fetched = new CompletableFuture<>();
            waiting.add(fetched);
            fetcher().execute(() -> fetch(record, verdict, fetched));
        } else if (waiting.isEmpty()) {
            output.collect(element);
        } else {
            waiting.add(CompletableFuture.completedFuture(record));
        }
        handOn(AHEAD);
    }

    private ExecutorService fetcher() {
        if (fetcher == null) {
            String name = getRuntimeContext().getTaskInfo().getTaskNameWithSubtasks();
            fetcher =
                    Executors.newSingleThreadExecutor(
                            task -> new Thread(task, "accepted snapshots of " + name));
        }
        return fetcher;
    }

    /** In the fetcher's thread. */
    private void fetch(
            ShardRecord record, AcceptedSnapshot verdict, CompletableFuture<ShardRecord> fetched) {
        try {
            fetched.complete(fetch(record, verdict));
        } catch (Throwable e) {
            fetched.completeExceptionally(e);
        }
        try {
            // Where no further record comes, this one is handed on all the same.
            mailbox.execute(() -> handOn(AHEAD), "accepted snapshot");
        } catch (RejectedExecutionException e) {
            LOG.debug("the task ends, nothing is handed on any more", e);
        }
    }

    private ShardRecord fetch(ShardRecord record, AcceptedSnapshot verdict) {
        if (snapshots == null) {
            snapshots = source.open();
        }
        return snapshots
                .copy(verdict)
                .map(value -> record.accepted(value, AcceptedValues.digest(verdict)))
                .orElse(record);
    }

    /** Hands on what is there, and waits for what is not until so many are left. */
    private void handOn(int left) throws Exception {
        while (!waiting.isEmpty() && (waiting.size() > left || waiting.peek().isDone())) {
            output.collect(new StreamRecord<>(result(waiting.poll())));
        }
    }

    private static ShardRecord result(CompletableFuture<ShardRecord> record) throws Exception {
        try {
            return record.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        handOn(0);
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        handOn(0);
    }

    @Override
    public void endInput() throws Exception {
        handOn(0);
    }

    @Override
    public void close() throws Exception {
        if (fetcher != null) {
            fetcher.shutdownNow();
            // A consumer belongs to one thread at a time.
            if (fetcher.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS) && snapshots != null) {
                snapshots.close();
            }
        }
        super.close();
    }

    /** Makes one for each subtask, with a client of its own. */
    static final class Factory extends AbstractStreamOperatorFactory<ShardRecord>
            implements OneInputStreamOperatorFactory<ShardRecord, ShardRecord> {

        private static final long serialVersionUID = 1L;

        private final HashMap<String, Object> client;
        private final String clientId;
        private final String topic;

        /**
         * @param client properties of a Kafka client, {@code bootstrap.servers} among them
         * @param clientId prefix of the client ids that brokers see
         * @param topic full name of the activations topic
         */
        Factory(Map<String, Object> client, String clientId, String topic) {
            this.client = new HashMap<>(client);
            this.clientId = clientId;
            this.topic = topic;
        }

        @Override
        @SuppressWarnings("unchecked") // The caller names the type that the operator has.
        public <T extends StreamOperator<ShardRecord>> T createStreamOperator(
                StreamOperatorParameters<ShardRecord> parameters) {
            int subtask =
                    parameters
                            .getContainingTask()
                            .getEnvironment()
                            .getTaskInfo()
                            .getIndexOfThisSubtask();
            client.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId + "-" + subtask);
            return (T) new VerdictFetch(parameters, () -> AcceptedSnapshots.open(client, topic));
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
            return VerdictFetch.class;
        }
    }
}
