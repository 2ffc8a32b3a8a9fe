/**
 * Alerts sent on as log events of OpenTelemetry. Entry: {@link
 * io.spectrawatch.ops.event.AlertEvents}.
 */
package io.spectrawatch.ops.event;
