/**
 * Audits by replay: what the monitor recorded is computed again from the log, compared record by
 * record and kept as a bundle that can be checked without Kafka. The door is {@link
 * io.spectrawatch.ops.audit.Audit}.
 */
package io.spectrawatch.ops.audit;
