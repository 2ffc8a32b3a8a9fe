/** What a shard tells the merger, and how it is stored until all shards have spoken. */
package io.spectrawatch.flink.monitor.message;
