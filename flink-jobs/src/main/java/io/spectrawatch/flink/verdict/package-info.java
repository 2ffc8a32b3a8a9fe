/**
 * What the verdicts of the validated log lead to: {@link
 * io.spectrawatch.flink.verdict.AcceptedValues} puts a snapshot in the place of its verdict as a
 * consumer reads it.
 */
package io.spectrawatch.flink.verdict;
