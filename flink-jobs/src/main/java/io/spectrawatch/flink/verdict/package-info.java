/**
 * What the verdicts of the validated log speak of: {@link
 * io.spectrawatch.flink.verdict.AcceptedValues} puts a snapshot in the place of its verdict as a
 * consumer reads it, {@link io.spectrawatch.flink.verdict.AcceptedSnapshots} fetches one.
 */
package io.spectrawatch.flink.verdict;
