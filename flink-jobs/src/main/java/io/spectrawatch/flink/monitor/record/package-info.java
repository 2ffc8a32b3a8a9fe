/** What goes out: records, manifests, ids, counts. */
package io.spectrawatch.flink.monitor.record;
