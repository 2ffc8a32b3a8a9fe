/** Flink clusters by their REST interface. */
package io.spectrawatch.ops.cluster;
