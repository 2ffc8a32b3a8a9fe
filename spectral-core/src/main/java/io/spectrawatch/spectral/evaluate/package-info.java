/** Measuring a detector offline: features of a model's outputs, ROC curves with intervals. */
package io.spectrawatch.spectral.evaluate;
