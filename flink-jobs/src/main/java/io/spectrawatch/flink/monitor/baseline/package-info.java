/** What a subtask keeps of the baselines in force: windows, detectors, kernels. */
package io.spectrawatch.flink.monitor.baseline;
