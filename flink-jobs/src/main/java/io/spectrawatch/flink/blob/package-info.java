/** Large values in chunks over a compacted topic. */
package io.spectrawatch.flink.blob;
