/**
 * Evaluation of detectors, from files, models or topics: features, scores, ROC curves with
 * intervals.
 */
package io.spectrawatch.ops.evaluate;
