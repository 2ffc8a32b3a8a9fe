/** The first operator: rows of a shard into the open panes of its models. */
package io.spectrawatch.flink.monitor.shard;
