/** What watching a model costs the model itself. */
package io.spectrawatch.ops.bench.capture;
