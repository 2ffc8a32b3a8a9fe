package io.spectrawatch.ops.console.store;

import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.TestEvidence;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import java.util.Arrays;

/** The newest certificate of an interface, the newest that found something, and what was before. */
public final class InterfaceHistory {

    /** Columns of the series. */
    public enum Figure {
        RADIUS(Series.Column.LEAST),
        ERROR(Series.Column.MOST),
        UTILISATION(Series.Column.MOST),
        UTILISATION_UPPER(Series.Column.MOST),
        MARGIN(Series.Column.MOST),
        DRIFT(Series.Column.MOST),
        DRIFT_THRESHOLD(Series.Column.LAST),
        SPECTRUM(Series.Column.MOST),
        SPECTRUM_THRESHOLD(Series.Column.LAST);

        private final Series.Column column;

        Figure(Series.Column column) {
            this.column = column;
        }
    }

    private static final String DRIFT = "drift";

    private final Series series;
    private InterfaceCertificate newest;
    private InterfaceCertificate found;
    private boolean changed;

    InterfaceHistory() {
        Series.Column[] columns = new Series.Column[Figure.values().length];
        for (Figure each : Figure.values()) {
            columns[each.ordinal()] = each.column;
        }
        series = new Series(columns);
    }

    void write(ByteWriter out) {
        series.write(out);
        HistoryEntry.record(out, newest);
        HistoryEntry.record(out, found == newest ? null : found);
    }

    static InterfaceHistory read(ByteReader in) {
        InterfaceHistory own = new InterfaceHistory();
        own.series.read(in);
        own.newest = HistoryEntry.record(in, InterfaceCertificate.class);
        in.require(own.newest != null, "a certificate", "none");
        InterfaceCertificate before = HistoryEntry.record(in, InterfaceCertificate.class);
        own.found = own.newest.getFindings() == null ? before : own.newest;
        return own;
    }

    /** Whether it has changed since this was asked. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    void accept(InterfaceCertificate certificate) {
        if (newest != null && certificate.getPaneEnd() < newest.getPaneEnd()) {
            return;
        }
        changed = true;
        newest = InterfaceCertificate.newBuilder(certificate).setAlertState(null).build();
        if (newest.getFindings() != null) {
            found = newest;
        }
        series.add(certificate.getPaneStart(), certificate.getPaneEnd(), point(certificate));
    }

    private static double[] point(InterfaceCertificate certificate) {
        double[] point = new double[Figure.values().length];
        Arrays.fill(point, Double.NaN);
        CertificateFindings findings = certificate.getFindings();
        if (findings != null) {
            Double radius = findings.getRadius();
            point[Figure.RADIUS.ordinal()] = radius == null ? Double.NaN : radius;
            point[Figure.ERROR.ordinal()] = findings.getEpsilon().getTotal();
            point[Figure.UTILISATION.ordinal()] = findings.getUtilisation();
            point[Figure.UTILISATION_UPPER.ordinal()] = findings.getUtilisationUpper();
            point[Figure.MARGIN.ordinal()] = findings.getMarginConsumption().getMean();
        }
        for (TestEvidence test : certificate.getEvidence()) {
            boolean drift = test.getTest().equals(DRIFT);
            Double evidence = test.getLogEvidence();
            point[(drift ? Figure.DRIFT : Figure.SPECTRUM).ordinal()] =
                    evidence == null ? Double.NaN : evidence;
            point[(drift ? Figure.DRIFT_THRESHOLD : Figure.SPECTRUM_THRESHOLD).ordinal()] =
                    test.getLogThreshold();
        }
        return point;
    }

    public InterfaceCertificate newest() {
        return newest;
    }

    /** The newest one that was not refused; null where all were. */
    public InterfaceCertificate found() {
        return found;
    }

    /** A column for each {@link Figure}. */
    public Series series() {
        return series;
    }
}
