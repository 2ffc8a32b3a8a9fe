/** Scores of samples in open panes. */
package io.spectrawatch.flink.monitor.score;
