/** The second operator: what all shards said of a pane becomes records. */
package io.spectrawatch.flink.monitor.merge;
