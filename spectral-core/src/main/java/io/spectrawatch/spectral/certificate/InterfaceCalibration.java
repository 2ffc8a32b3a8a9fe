package io.spectrawatch.spectral.certificate;

/**
 * The outcome of a calibration.
 *
 * @param baseline the frozen baseline, or null if refused
 * @param refusal why there is none, or empty
 */
public record InterfaceCalibration(InterfaceBaseline baseline, String refusal) {
    static InterfaceCalibration of(InterfaceBaseline baseline) {
        return new InterfaceCalibration(baseline, "");
    }

    static InterfaceCalibration refused(String reason) {
        return new InterfaceCalibration(null, reason);
    }

    /** Returns whether there is a baseline. */
    public boolean accepted() {
        return baseline != null;
    }

    /** Returns whether some elements were dropped because the reference does not resolve them. */
    public boolean partial() {
        return accepted() && baseline.certified().count() < baseline.certified().size();
    }
}
