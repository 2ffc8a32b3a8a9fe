package io.spectrawatch.ops.event;

import io.opentelemetry.sdk.logs.data.LogRecordData;

/** Hands an event to a collector. */
interface EventSender {

    /**
     * Sends once, without trying again.
     *
     * @return null once the collector has answered that it took the event; else what is known of
     *     the failure, after which it may have it or not
     */
    String send(LogRecordData event);
}
