package io.spectrawatch.ops.doctor;

import io.spectrawatch.ops.doctor.DoctorFinding.Status;
import java.util.List;

/**
 * All findings.
 *
 * @param failed number of checks that failed
 * @param warnings number of checks with a warning
 * @param findings in the order in which they were made
 */
public record DoctorReport(int failed, int warnings, List<DoctorFinding> findings) {

    /** Counts. */
    public static DoctorReport of(List<DoctorFinding> findings) {
        return new DoctorReport(
                count(findings, Status.FAILED), count(findings, Status.WARNING), findings);
    }

    private static int count(List<DoctorFinding> findings, Status status) {
        return (int) findings.stream().filter(finding -> finding.status() == status).count();
    }
}
