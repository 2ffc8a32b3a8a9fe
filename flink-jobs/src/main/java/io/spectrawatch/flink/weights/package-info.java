/** Heads of models in Kafka. */
package io.spectrawatch.flink.weights;
