/** Panes that are closed: their contents, the clock of the merge, where a replay begins. */
package io.spectrawatch.flink.monitor.pane;
