/**
 * What was recorded: records of a range, the log they were computed from, where a replay begins.
 */
package io.spectrawatch.ops.audit.record;
