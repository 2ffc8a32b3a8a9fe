package io.spectrawatch.spectral.kernel;

import io.spectrawatch.spectral.kernel.Workspace.Role;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * ONNX Runtime graphs on the CPU or the CUDA provider; the small eigenproblem, sums of squares and
 * projections onto few directions stay on the host, because ONNX has no operator for the first and
 * a transfer costs more than the others.
 *
 * <p>A block update is two runs, products and rotation: the Java API cannot keep tensors on the
 * device between runs, so the rows travel twice, in the type in which they arrived.
 */
final class OnnxKernels implements Kernels {
    private final HostKernels host = new HostKernels();
    private final GraphSessions graphs;
    private final KernelDescription description;
    private final DoubleBuffer scales = Workspace.allocate(2);

    private OnnxKernels(boolean cuda, int device) {
        this.graphs = new GraphSessions(cuda, device);
        this.description =
                new KernelDescription(
                        (cuda ? KernelChoice.CUDA : KernelChoice.ONNX_CPU).name(),
                        "ONNX Runtime",
                        graphs.version(),
                        host.description().coreName(),
                        cuda ? "cuda:" + device : "cpu",
                        1);
    }

    static OnnxKernels cpu() {
        return new OnnxKernels(false, 0);
    }

    static OnnxKernels cuda(int device) {
        return new OnnxKernels(true, device);
    }

    @Override
    public KernelDescription description() {
        return description;
    }

    @Override
    public int singleChunk(int d) {
        return d;
    }

    @Override
    public Workspace workspace() {
        return host.workspace();
    }

    @Override
    public double blockProducts(
            BlockStep step, int rank, DoubleBuffer directions, DoubleBuffer gram) {
        if (step.deflated >= 0 && rank > 0) {
            return deflatedProducts(step, rank, directions, gram);
        }
        return products(step, rank, directions, gram);
    }

    private double products(BlockStep step, int rank, DoubleBuffer directions, DoubleBuffer gram) {
        int d = step.block.dimension();
        int n = step.block.rows();
        int r = Math.max(rank, 1);
        step.residualEnergy = 0;
        step.tailEnergy = 0;
        step.blockMean = workspace().scratch(Role.VECTOR, d);
        DoubleBuffer out = workspace().scratch(Role.GRAPH, (r + n) * n);
        DoubleBuffer cross = out.slice(n * n, r * n);
        try (GraphSession.Call call = graphs.blockCall("products", step, Graphs::blockProducts)) {
            // Without directions any row will do: its products are not read.
            call.in("b", rank == 0 ? step.runningMean : directions, r, d);
            call.out("mean", step.blockMean, 1, d);
            call.out("gram", out, n, n).out("cross", cross, r, n).run();
        }
        int m = rank + n;
        for (int i = 0; i < rank; i++) {
            gram.put(i * m + rank, cross, i * n, n);
        }
        double energy = 0;
        for (int i = 0; i < n; i++) {
            gram.put((rank + i) * m + rank, out, i * n, n);
            energy += out.get(i * (n + 1));
        }
        return energy;
    }

    private double deflatedProducts(
            BlockStep step, int rank, DoubleBuffer directions, DoubleBuffer gram) {
        int d = step.block.dimension();
        int n = step.block.rows();
        int q = Math.min(Math.max(step.deflated, 1), rank);
        step.blockMean = workspace().scratch(Role.VECTOR, d);
        DoubleBuffer unit = workspace().scratch(Role.UNIT, q * d);
        Deflation.orthonormal(directions, q, d, unit);
        double scale = Deflation.powerOfTwo(Math.sqrt(host.sumOfSquares(d, directions)));
        scales.put(0, scale).put(1, 1 / scale / scale);
        DoubleBuffer out = workspace().scratch(Role.GRAPH, (rank + n + 2) * n + rank);
        DoubleBuffer cross = out.slice(n * n, rank * n);
        DoubleBuffer norms = out.slice((rank + n) * n, n);
        DoubleBuffer rest = out.slice((rank + n + 1) * n, n);
        DoubleBuffer tail = out.slice((rank + n + 2) * n, rank);
        try (GraphSession.Call call =
                graphs.blockCall("deflated", step, Graphs::deflatedProducts)) {
            call.in("b", directions, rank, d).in("v", unit, q, d).in("ones", ones(d), d, 1);
            call.in("scale", scales.slice(0, 1), 1, 1).in("unscale", scales.slice(1, 1), 1, 1);
            call.out("mean", step.blockMean, 1, d).out("gram", out, n, n);
            call.out("cross", cross, rank, n).out("norms", norms, n, 1);
            call.out("rest", rest, n, 1).out("tail", tail, rank, 1).run();
        }
        double energy = sum(norms, n);
        step.residualEnergy = sum(rest, n);
        step.tailEnergy = sum(tail, rank);
        if (!isFinite(out, (rank + n) * n) && Double.isFinite(energy)) {
            // Rows far larger than all before them overflow fp32.
            return products(step, rank, directions, gram);
        }
        int m = rank + n;
        for (int i = 0; i < rank; i++) {
            gram.put(i * m + rank, cross, i * n, n);
        }
        for (int i = 0; i < n; i++) {
            gram.put((rank + i) * m + rank, out, i * n, n);
            // The trace carries F and T, so the diagonal is fp64.
            gram.put((rank + i) * (m + 1), norms.get(i));
        }
        return energy;
    }

    private static double sum(DoubleBuffer values, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values.get(i);
        }
        return sum;
    }

    private static boolean isFinite(DoubleBuffer values, int count) {
        for (int i = 0; i < count; i++) {
            if (!Double.isFinite(values.get(i))) {
                return false;
            }
        }
        return true;
    }

    private DoubleBuffer ones(int d) {
        DoubleBuffer ones = workspace().scratch(Role.VALUES, d);
        for (int j = 0; j < d; j++) {
            ones.put(j, 1);
        }
        return ones;
    }

    @Override
    public void blockRotate(
            BlockStep step,
            int k,
            int rank,
            DoubleBuffer directions,
            DoubleBuffer weights,
            DoubleBuffer out) {
        int d = step.block.dimension();
        int n = step.block.rows();
        int m = rank + n;
        int r = Math.max(rank, 1);
        DoubleBuffer split = workspace().scratch(Role.GRAPH, k * (r + n));
        DoubleBuffer fresh = split.slice(k * r, k * n);
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < r; j++) {
                split.put(i * r + j, rank == 0 ? 0 : weights.get(i * m + j));
            }
            fresh.put(i * n, weights, i * m + rank, n);
        }
        try (GraphSession.Call call = graphs.blockCall("rotate", step, Graphs::blockRotate)) {
            call.in("b", rank == 0 ? step.runningMean : directions, r, d);
            call.in("wb", split, k, r).in("wx", fresh, k, n).out("out", out, k, d).run();
        }
    }

    @Override
    public double blockMoment(BlockStep step, double keep, double most, DoubleBuffer moment) {
        int d = step.block.dimension();
        step.blockMean = workspace().scratch(Role.VECTOR, d);
        DoubleBuffer out = workspace().scratch(Role.GRAPH, d * d);
        try (GraphSession.Call call = graphs.blockCall("moment", step, Graphs::blockMoment)) {
            call.out("mean", step.blockMean, 1, d).out("moment", out, d, d).run();
        }
        double energy = 0;
        for (int i = 0; i < d; i++) {
            energy += out.get(i * (d + 1));
        }
        if (energy <= most) {
            addUpper(d, out, keep, moment);
        }
        return energy;
    }

    @Override
    public void blockProbes(BlockStep step, int g, DoubleBuffer probes, DoubleBuffer products) {
        int d = step.block.dimension();
        DoubleBuffer fresh = workspace().scratch(Role.GRAPH, g * d);
        try (GraphSession.Call call = graphs.blockCall("probes", step, Graphs::blockProbes)) {
            call.in("probes", probes, g, d).out("out", fresh, g, d).run();
        }
        for (int i = 0; i < g * d; i++) {
            products.put(i, products.get(i) + fresh.get(i));
        }
    }

    @Override
    public double sumOfSquares(int count, DoubleBuffer x) {
        return host.sumOfSquares(count, x);
    }

    @Override
    public void gram(int n, int d, DoubleBuffer a, DoubleBuffer g, int at, int ld) {
        cross(n, n, d, a, a, g, at, ld);
    }

    @Override
    public void cross(
            int m, int n, int d, DoubleBuffer a, DoubleBuffer b, DoubleBuffer out, int at, int ld) {
        DoubleBuffer product = workspace().scratch(Role.GRAPH, m * n);
        try (GraphSession.Call call = graphs.call("cross", Graphs::cross)) {
            call.in("a", a, m, d).in("b", b, n, d).out("out", product, m, n).run();
        }
        for (int i = 0; i < m; i++) {
            out.put(at + i * ld, product, i * n, n);
        }
    }

    @Override
    public void addMoment(int n, int d, DoubleBuffer a, DoubleBuffer moment) {
        DoubleBuffer product = workspace().scratch(Role.GRAPH, d * d);
        try (GraphSession.Call call = graphs.call("moment", Graphs::moment)) {
            call.in("a", a, n, d).out("out", product, d, d).run();
        }
        addUpper(d, product, 1, moment);
    }

    private static void addUpper(int d, DoubleBuffer from, double keep, DoubleBuffer to) {
        for (int i = 0; i < d; i++) {
            for (int j = i; j < d; j++) {
                to.put(i * d + j, keep * to.get(i * d + j) + from.get(i * d + j));
            }
        }
    }

    @Override
    public void singleProduct(int k, int m, int d, float[] w, FloatBuffer rows, float[] out) {
        host.singleProduct(k, m, d, w, rows, out);
    }

    @Override
    public void rotate(
            int k,
            int m,
            int d,
            DoubleBuffer w,
            int at,
            int ld,
            DoubleBuffer rows,
            boolean add,
            DoubleBuffer out) {
        DoubleBuffer packed = workspace().scratch(Role.GRAPH, k * (m + d));
        for (int i = 0; i < k; i++) {
            packed.put(i * m, w, at + i * ld, m);
        }
        DoubleBuffer product = packed.slice(k * m, k * d);
        try (GraphSession.Call call = graphs.call("rotate", Graphs::rotate)) {
            call.in("w", packed, k, m).in("rows", rows, m, d).out("out", product, k, d).run();
        }
        for (int i = 0; i < k * d; i++) {
            out.put(i, product.get(i) + (add ? out.get(i) : 0));
        }
    }

    @Override
    public void project(WindowStep step) {
        host.project(step);
    }

    @Override
    public void crossMoment(int k, int m, int n, DoubleBuffer a, DoubleBuffer b, DoubleBuffer out) {
        host.crossMoment(k, m, n, a, b, out);
    }

    @Override
    public void eigen(int m, DoubleBuffer a, DoubleBuffer values) {
        host.eigen(m, a, values);
    }

    @Override
    public void leadingEigen(int m, int k, DoubleBuffer a, DoubleBuffer values) {
        host.leadingEigen(m, k, a, values);
    }

    @Override
    public void close() {
        graphs.close();
        host.close();
    }
}
