/** Evaluation of detectors from files, models or topics. */
package io.spectrawatch.ops.evaluate;
