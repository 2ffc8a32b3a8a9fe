package io.spectrawatch.ops.doctor;

import io.spectrawatch.ops.doctor.Finding.Status;
import java.util.List;

/**
 * All findings.
 *
 * @param failed number of checks that failed
 * @param warnings number of checks with a warning
 * @param findings in the order in which they were made
 */
public record DoctorReport(int failed, int warnings, List<Finding> findings) {

    /** Counts. */
    public static DoctorReport of(List<Finding> findings) {
        return new DoctorReport(
                count(findings, Status.FAILED), count(findings, Status.WARNING), findings);
    }

    private static int count(List<Finding> findings, Status status) {
        return (int) findings.stream().filter(finding -> finding.status() == status).count();
    }
}
