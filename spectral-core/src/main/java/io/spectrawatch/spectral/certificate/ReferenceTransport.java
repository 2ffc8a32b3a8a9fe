package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.certificate.findings.ReferenceLayer;
import io.spectrawatch.spectral.certificate.moments.Transport;

/** What a baseline keeps of the reference transport. */
record ReferenceTransport(
        long rows, double[] matrix, double[] map, ReferenceLayer x, ReferenceLayer y) {
    ReferenceTransport(Transport transport) {
        this(
                transport.rows(),
                transport.matrix(),
                transport.leastSquares(),
                ReferenceLayer.of(transport.x()),
                ReferenceLayer.of(transport.y()));
    }
}
