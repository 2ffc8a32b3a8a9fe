package io.spectrawatch.ops.doctor;

/**
 * What one check found.
 *
 * @param check what was looked at
 * @param status OK, WARNING or FAILED
 * @param where the topic, folder or process concerned; empty for the machine
 * @param allowed what is expected there
 * @param found what is there
 */
public record DoctorFinding(
        String check, Status status, String where, String allowed, String found) {

    /** How bad it is. */
    public enum Status {
        /** As it should be. */
        OK,
        /** It works, but not as safely or as long as it should. */
        WARNING,
        /** It does not work, or must not be used so. */
        FAILED
    }

    static DoctorFinding ok(String check, String where, String found) {
        return new DoctorFinding(check, Status.OK, where, "", found);
    }

    static DoctorFinding warning(String check, String where, String allowed, String found) {
        return new DoctorFinding(check, Status.WARNING, where, allowed, found);
    }

    static DoctorFinding failed(String check, String where, String allowed, String found) {
        return new DoctorFinding(check, Status.FAILED, where, allowed, found);
    }
}
