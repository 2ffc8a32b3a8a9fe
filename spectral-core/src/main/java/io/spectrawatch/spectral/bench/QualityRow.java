package io.spectrawatch.spectral.bench;

/**
 * One method on one stream; a row of quality.tsv.
 *
 * @param stream name of the stream
 * @param method alpha-FD with its alpha, exact, stacked-svd or row-buffered-fd
 * @param sketchRows l
 * @param covarianceError |A^T A - B^T B|_2 / F
 * @param certifiedError (Delta + e_fp) / F, NaN for methods without a certificate
 * @param eigenvalueError largest relative error of the leading l / 4 eigenvalues
 * @param entropyWidth width of the certified entropy interval in nats, NaN without a certificate
 */
public record QualityRow(
        String stream,
        String method,
        int sketchRows,
        double covarianceError,
        double certifiedError,
        double eigenvalueError,
        double entropyWidth) {}
