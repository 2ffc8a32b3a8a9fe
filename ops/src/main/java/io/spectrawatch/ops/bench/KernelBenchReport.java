package io.spectrawatch.ops.bench;

/**
 * What was measured; the component names are the keys of the JSON form.
 *
 * @param provider kernels of the sketch
 * @param coreName processor kernel set of the host library
 * @param kind EXACT or FREQUENT_DIRECTIONS, as resolved
 * @param dimension d
 * @param sketchRows l
 * @param blockRows rows per update
 * @param rows rows measured
 * @param rowsPerSecond rows per second through the sketch, conversion included
 * @param eigenShare share of that time in the symmetric eigenproblem
 * @param gemmFp32Gflops the machine's fp32 matrix product through the same runtime
 * @param gemmFp64Gflops the machine's fp64 matrix product through the same runtime
 * @param achievedFraction the update's products per second over gemmFp64Gflops
 * @param symmetricProductRowsPerSecond rows per second of the bare moment product (dsyrk), EXACT
 *     only, else 0
 * @param symmetricProductFraction rowsPerSecond over the former, EXACT only, else 0
 * @param covarianceError |A^T A - B^T B|_2 / F, by power iteration
 * @param certifiedError (Delta + e_fp) / F
 * @param roundoff e_fp / F
 * @param overDouble how many times as fast the sketch is as with fp64 products, both taking turns;
 *     0 where it has them anyway
 * @param stackedSvdRowsPerSecond rows per second of the incremental PCA algorithm (k = 64, batches
 *     of 256, fp32 gesdd), 0 if not measured
 * @param stackedSvdCovarianceError its error, which nothing certifies
 * @param rowBufferedRowsPerSecond rows per second of textbook Frequent Directions (2 l rows of
 *     buffer, fp64 gesdd), 0 if not measured
 * @param allocatedBytesPerBlock heap bytes allocated per update in steady state
 * @param scoringRowsPerSecond samples per second through a detector on seven such layers and ten
 *     logits as the monitor scores them, with the shadow of the gain profile and the comparison of
 *     each request with the last ones of its client; 0 if not measured
 * @param scoringCost time to score a sample so over the time to sketch its rows in all seven
 *     layers, 0 if not measured
 * @param scoringBareCost the same without the shadow and the comparison, 0 if not measured
 * @param scoringPairShare share of the requests that were compared with one near them, 0 if not
 *     measured
 * @param tokenScoringRowsPerSecond rows per second so where rows are tokens, several to a sample,
 *     without logits; 0 if not measured
 * @param tokenScoringCost time to score such a row over the time to sketch it in all seven layers,
 *     0 if not measured
 * @param tokenScoringBareCost the same without the shadow and the comparison, 0 if not measured
 * @param tokenScoringPairShare share of the requests of tokens that were compared, 0 if not
 *     measured
 * @param inputScoringRowsPerSecond samples per second so where the first layer is the model's input
 *     and evidence is taken of it, with up to 8,192 neighbours; 0 if not measured
 * @param inputScoringCost time to score such a sample over the time to sketch its rows in all seven
 *     layers, 0 if not measured
 * @param inputScoringBareCost the same without the shadow and the comparison, 0 if not measured
 * @param certificateRowsPerSecond rows per second and layer through sketch, projection and
 *     interface moments, in a chain of seven such layers, 0 if not measured
 * @param certificateCost time that projection and moments add over the time of the sketches alone,
 *     both per row and layer in that chain, 0 if not measured
 */
public record KernelBenchReport(
        String provider,
        String coreName,
        String kind,
        int dimension,
        int sketchRows,
        int blockRows,
        long rows,
        double rowsPerSecond,
        double eigenShare,
        double gemmFp32Gflops,
        double gemmFp64Gflops,
        double achievedFraction,
        double symmetricProductRowsPerSecond,
        double symmetricProductFraction,
        double covarianceError,
        double certifiedError,
        double roundoff,
        double overDouble,
        double stackedSvdRowsPerSecond,
        double stackedSvdCovarianceError,
        double rowBufferedRowsPerSecond,
        double allocatedBytesPerBlock,
        double scoringRowsPerSecond,
        double scoringCost,
        double scoringBareCost,
        double scoringPairShare,
        double tokenScoringRowsPerSecond,
        double tokenScoringCost,
        double tokenScoringBareCost,
        double tokenScoringPairShare,
        double inputScoringRowsPerSecond,
        double inputScoringCost,
        double inputScoringBareCost,
        double certificateRowsPerSecond,
        double certificateCost) {

    /** Returns this report with the cost of scoring. */
    KernelBenchReport withScoring(ScoringCost samples, ScoringCost tokens, ScoringCost input) {
        return with(samples, tokens, input, certificateRowsPerSecond, certificateCost);
    }

    /** Returns this report with the cost of certificates. */
    KernelBenchReport withCertificates(double certifiedRowsPerSecond, double cost) {
        ScoringCost samples =
                new ScoringCost(
                        scoringRowsPerSecond, scoringCost, scoringBareCost, scoringPairShare);
        ScoringCost tokens =
                new ScoringCost(
                        tokenScoringRowsPerSecond,
                        tokenScoringCost,
                        tokenScoringBareCost,
                        tokenScoringPairShare);
        ScoringCost input =
                new ScoringCost(
                        inputScoringRowsPerSecond, inputScoringCost, inputScoringBareCost, 0);
        return with(samples, tokens, input, certifiedRowsPerSecond, cost);
    }

    private KernelBenchReport with(
            ScoringCost samples,
            ScoringCost tokens,
            ScoringCost input,
            double certified,
            double certifying) {
        return new KernelBenchReport(
                provider,
                coreName,
                kind,
                dimension,
                sketchRows,
                blockRows,
                rows,
                rowsPerSecond,
                eigenShare,
                gemmFp32Gflops,
                gemmFp64Gflops,
                achievedFraction,
                symmetricProductRowsPerSecond,
                symmetricProductFraction,
                covarianceError,
                certifiedError,
                roundoff,
                overDouble,
                stackedSvdRowsPerSecond,
                stackedSvdCovarianceError,
                rowBufferedRowsPerSecond,
                allocatedBytesPerBlock,
                samples.rowsPerSecond(),
                samples.cost(),
                samples.bareCost(),
                samples.pairShare(),
                tokens.rowsPerSecond(),
                tokens.cost(),
                tokens.bareCost(),
                tokens.pairShare(),
                input.rowsPerSecond(),
                input.cost(),
                input.bareCost(),
                certified,
                certifying);
    }
}
