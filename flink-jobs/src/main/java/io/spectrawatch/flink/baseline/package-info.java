/** Baselines in Kafka: published, listed, loaded and activated. */
package io.spectrawatch.flink.baseline;
