/**
 * What every stage of the pipeline costs on this machine: a real broker, the services themselves,
 * and beside them the least that Kafka and Flink take for the same records.
 */
package io.spectrawatch.ops.bench.pipeline;
