/**
 * The calibration job: from a range of the log to a baseline. Entry: {@link
 * io.spectrawatch.flink.calibrate.CalibrateJob}.
 */
package io.spectrawatch.flink.calibrate;
