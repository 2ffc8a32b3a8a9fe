/** Benchmarks of kernels, sketches, scores and certificates: ratios within one run. */
package io.spectrawatch.ops.bench;
