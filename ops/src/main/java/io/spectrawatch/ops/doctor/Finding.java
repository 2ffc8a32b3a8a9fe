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
public record Finding(String check, Status status, String where, String allowed, String found) {

    /** How bad it is. */
    public enum Status {
        /** As it should be. */
        OK,
        /** It works, but not as safely or as long as it should. */
        WARNING,
        /** It does not work, or must not be used so. */
        FAILED
    }

    static Finding ok(String check, String where, String found) {
        return new Finding(check, Status.OK, where, "", found);
    }

    static Finding warning(String check, String where, String allowed, String found) {
        return new Finding(check, Status.WARNING, where, allowed, found);
    }

    static Finding failed(String check, String where, String allowed, String found) {
        return new Finding(check, Status.FAILED, where, allowed, found);
    }
}
