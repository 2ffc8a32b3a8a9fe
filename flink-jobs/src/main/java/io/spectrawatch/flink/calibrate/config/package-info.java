/** Settings of the calibration, and the range and samples that they choose. */
package io.spectrawatch.flink.calibrate.config;
