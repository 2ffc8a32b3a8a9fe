package io.spectrawatch.schemas.fetch;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.Records;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Stands between a consumer and the network and bounds the compressed batches of what it fetches.
 * Nothing is decompressed here: a batch is when the consumer comes to its records, once.
 */
final class BoundedFetch {

    private final FetchLimits limits;

    BoundedFetch(FetchLimits limits) {
        this.limits = limits;
    }

    /** The client with bounded answers to fetch requests. */
    KafkaClient over(KafkaClient client) {
        return Delegation.of(
                KafkaClient.class,
                client,
                (method, arguments, rest) -> {
                    if (method.getName().equals("send")) {
                        arguments[0] = bounded((ClientRequest) arguments[0]);
                    }
                    return rest.call();
                });
    }

    /**
     * As it is sent, not as it is made: what waits to be sent while a broker is away is ended by
     * the consumer itself, which wants its own callback back.
     */
    private ClientRequest bounded(ClientRequest request) {
        if (request.apiKey() != ApiKeys.FETCH) {
            return request;
        }
        short version = request.requestBuilder().latestAllowedVersion();
        return new ClientRequest(
                request.destination(),
                request.requestBuilder(),
                request.correlationId(),
                request.makeHeader(version).clientId(),
                request.createdTimeMs(),
                request.expectResponse(),
                request.requestTimeoutMs(),
                response -> {
                    bound(response);
                    request.callback().onComplete(response);
                });
    }

    private void bound(ClientResponse response) {
        if (response.responseBody() instanceof FetchResponse fetched) {
            for (FetchableTopicResponse topic : fetched.data().responses()) {
                for (PartitionData partition : topic.partitions()) {
                    if (partition.records() instanceof Records records) {
                        partition.setRecords(bounded(records));
                    }
                }
            }
        }
    }

    /** The same batches, the compressed ones bounded. */
    Records bounded(Records records) {
        List<RecordBatch> batches = new ArrayList<>();
        for (RecordBatch batch : records.batches()) {
            batches.add(
                    batch instanceof DefaultRecordBatch plain && plain.isCompressed()
                            ? bounded(plain)
                            : batch);
        }
        return Delegation.of(
                Records.class,
                records,
                (method, arguments, rest) ->
                        method.getName().equals("batches") ? batches : rest.call());
    }

    private RecordBatch bounded(DefaultRecordBatch batch) {
        return Delegation.of(
                RecordBatch.class,
                batch,
                (method, arguments, rest) ->
                        method.getName().equals("streamingIterator")
                                ? new BoundedRecords(batch, (BufferSupplier) arguments[0], limits)
                                : rest.call());
    }
}
