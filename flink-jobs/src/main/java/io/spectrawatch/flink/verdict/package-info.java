/**
 * What the verdicts of the validated log lead to: {@link
 * io.spectrawatch.flink.verdict.AcceptedRecords} puts the snapshots in the place of their verdicts
 * within a job, {@link io.spectrawatch.flink.verdict.AcceptedValues} as a consumer reads them.
 */
package io.spectrawatch.flink.verdict;
