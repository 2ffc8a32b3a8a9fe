/** How a stage runs on Flink: readers of a range, shards, and the merge of what they find. */
package io.spectrawatch.flink.calibrate.stage;
