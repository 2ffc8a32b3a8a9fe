/**
 * The monitor job and its replay: operators and how they are wired. Entry: {@link
 * io.spectrawatch.flink.monitor.MonitorJob}.
 */
package io.spectrawatch.flink.monitor;
