package io.spectrawatch.ops.evaluate;

/**
 * How one score does on one attacked file.
 *
 * @param auroc area under the curve
 * @param aurocLower lower end of its 95 % interval
 * @param aurocUpper upper end
 * @param tprAt1Percent share detected when 1 % of the clean samples are flagged
 * @param tprAt1PercentLower lower end of its 95 % interval
 * @param tprAt1PercentUpper upper end
 * @param tprAt5Percent share detected when 5 % of the clean samples are flagged
 */
public record Measured(
        double auroc,
        double aurocLower,
        double aurocUpper,
        double tprAt1Percent,
        double tprAt1PercentLower,
        double tprAt1PercentUpper,
        double tprAt5Percent) {

    static Measured of(double[] clean, double[] attacked) {
        Roc.Estimate area = Roc.area(clean, attacked);
        Roc.Estimate one = Roc.detected(clean, attacked, 0.01);
        Roc.Estimate five = Roc.detected(clean, attacked, 0.05);
        return new Measured(
                area.value(),
                area.lower(),
                area.upper(),
                one.value(),
                one.lower(),
                one.upper(),
                five.value());
    }
}
