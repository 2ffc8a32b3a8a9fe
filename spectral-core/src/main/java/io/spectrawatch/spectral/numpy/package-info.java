/** Reads NumPy's files, npy and npz. */
package io.spectrawatch.spectral.numpy;
