package io.spectrawatch.flink.monitor.certify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spectrawatch.schemas.ExponentInterval;
import io.spectrawatch.schemas.SpectrumChart;
import io.spectrawatch.spectral.certificate.findings.Interval;
import io.spectrawatch.spectral.certificate.findings.LayerChart;
import io.spectrawatch.spectral.certificate.findings.LayerFindings;
import org.junit.jupiter.api.Test;

class FindingsRecordsTest {

    private static final Interval RANK = new Interval(1, 1, 2);

    @Test
    void whatIsFiniteIsPublishedAndAnUnboundedExponentSaysSo() {
        SpectrumChart chart = chart(new Interval(20, 50, Double.POSITIVE_INFINITY));
        assertEquals(new ExponentInterval(20.0, 50.0, null), chart.getExponent());
        assertEquals("h.0", chart.getLayer());
        assertEquals(4, chart.getRanks());
        assertEquals(2, chart.getEffectiveRank().getUpper());
        assertEquals(.125, chart.getKolmogorovSmirnov());
        assertEquals(
                new ExponentInterval(null, 0.0, null),
                chart(new Interval(Double.NEGATIVE_INFINITY, 0, Double.POSITIVE_INFINITY))
                        .getExponent());
        assertEquals(
                new ExponentInterval(1.0, 2.0, 3.0), chart(new Interval(1, 2, 3)).getExponent());
    }

    @Test
    void aWindowWithoutEnergyHasNoChart() {
        assertNull(FindingsRecords.chart("h.0", new LayerFindings(null, null, 1)));
    }

    private static SpectrumChart chart(Interval exponent) {
        LayerChart chart = new LayerChart(4, exponent, RANK, .125, .25);
        return FindingsRecords.chart("h.0", new LayerFindings(chart, null, 1));
    }
}
