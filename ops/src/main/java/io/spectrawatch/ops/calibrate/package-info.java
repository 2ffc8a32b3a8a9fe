/** The calibration as a command runs it: job, head, publication, activation. */
package io.spectrawatch.ops.calibrate;
