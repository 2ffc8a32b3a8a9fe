/** Records as metrics. Entry: {@link io.spectrawatch.ops.exporter.Exporter}. */
package io.spectrawatch.ops.exporter;
