/**
 * The process: Kafka Streams with its clients, topics checked before it starts. Entry: {@link
 * io.spectrawatch.ingest.service.IngestService}.
 */
package io.spectrawatch.ingest.service;
