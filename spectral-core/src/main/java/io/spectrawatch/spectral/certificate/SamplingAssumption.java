package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.moments.CentredLayer;
import io.spectrawatch.spectral.certificate.moments.Transport;
import io.spectrawatch.spectral.linalg.Dense;
import java.io.Serializable;

/**
 * What has to be assumed to speak about the population behind the rows: independent samples of at
 * most t rows each, rows no farther than b from the anchor at either layer.
 *
 * <p>With probability 1 - delta the mean of S independent samples of a vector no longer than b is
 * within (b / sqrt S)(1 + sqrt(2 ln(1/delta))) of its expectation (variance and bounded
 * differences, McDiarmid 1989); used here for the cross moment and both means, with delta / 3 each.
 *
 * @param independent share of rows that count as independent samples: S = independent * rows, in
 *     (0, 1]
 * @param rowsPerSample t, at least 1
 * @param boundX b at the first layer, positive
 * @param boundY b at the second layer, positive
 * @param delta in (0, 1)
 */
public record SamplingAssumption(
        double independent, double rowsPerSample, double boundX, double boundY, double delta)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Checks the ranges. */
    public SamplingAssumption {
        if (!(independent > 0
                && independent <= 1
                && rowsPerSample >= 1
                && boundX > 0
                && boundY > 0
                && boundX * boundY < Double.POSITIVE_INFINITY
                && delta > 0
                && delta < 1)) {
            throw new IllegalArgumentException(
                    "sampling assumption: a share in (0, 1], rows per sample from 1, positive bounds"
                            + " and delta in (0, 1) expected, found "
                            + independent
                            + ", "
                            + rowsPerSample
                            + ", "
                            + boundX
                            + ", "
                            + boundY
                            + ", "
                            + delta);
        }
    }

    /**
     * Returns the bound on the distance, in Frobenius norm, between this transport and the
     * population's centred cross moment in the same units (the pane's own norms per row).
     */
    public double bound(Transport transport) {
        CentredLayer x = transport.x();
        CentredLayer y = transport.y();
        double spread =
                rowsPerSample
                        * independent
                        * (1 + Math.sqrt(2 * StrictMath.log(3 / delta)))
                        / Math.sqrt(independent * x.rows);
        double meanX = boundX * spread;
        double meanY = boundY * spread;
        double product =
                Dense.norm(y.windowShift) * meanX
                        + Dense.norm(x.windowShift) * meanY
                        + meanX * meanY;
        double perRow = Math.sqrt(x.energy / x.rows) * Math.sqrt(y.energy / y.rows);
        return (boundX * boundY * spread + product) / perRow;
    }
}
