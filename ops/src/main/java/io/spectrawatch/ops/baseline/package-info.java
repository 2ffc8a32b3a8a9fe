/** Operators' view of baselines. */
package io.spectrawatch.ops.baseline;
