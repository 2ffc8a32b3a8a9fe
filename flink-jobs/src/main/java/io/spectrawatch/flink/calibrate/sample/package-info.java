/** The reference samples of a detector, and its fit. */
package io.spectrawatch.flink.calibrate.sample;
