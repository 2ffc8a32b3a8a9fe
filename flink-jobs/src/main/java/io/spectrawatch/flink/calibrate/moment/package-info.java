/** Second stage: moments of interfaces in frozen windows, held-back panes among them. */
package io.spectrawatch.flink.calibrate.moment;
