package io.spectrawatch.spectral.certificate.structure;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A Physical Alignment Matrix P in at most 16 x 16 blocks: what of it is drawn. A row of blocks is
 * a run of row groups, a column of blocks a run of columns, whose lengths differ by at most one; of
 * up to 16 each block has one.
 *
 * <p>The energy of a block is its Frobenius norm, root of the sum of its E_a(j)^2, in units of P.
 * It is 1-Lipschitz in the Frobenius norm of P (reverse triangle inequality), so a bound on that
 * bounds the error of each; the squares of all add up to the squared norm of P's grouped rows.
 *
 * @param firstGroups first row group of each row of blocks, ascending from 0
 * @param firstColumns first column of each column of blocks, ascending from 0
 * @param energies rows of blocks one after the other
 */
public record EnergyGrid(
        List<Integer> firstGroups, List<Integer> firstColumns, List<Double> energies) {

    /** Most blocks in a row and in a column. */
    public static final int MOST = 16;

    /** Sums up the energies of a structure; of the same sizes the blocks are the same. */
    public static EnergyGrid of(Structure structure) {
        int[] groups = firsts(structure.groups());
        int[] columns = firsts(structure.columns());
        double[] energies = new double[groups.length * columns.length];
        int row = 0;
        for (int a = 0; a < structure.groups(); a++) {
            row += begins(groups, row + 1, a);
            int column = 0;
            for (int j = 0; j < structure.columns(); j++) {
                column += begins(columns, column + 1, j);
                double energy = structure.energy(a, j);
                energies[row * columns.length + column] += energy * energy;
            }
        }
        return new EnergyGrid(
                Arrays.stream(groups).boxed().toList(),
                Arrays.stream(columns).boxed().toList(),
                Arrays.stream(energies).map(Math::sqrt).boxed().toList());
    }

    private static int begins(int[] firsts, int block, int index) {
        return block < firsts.length && firsts[block] == index ? 1 : 0;
    }

    private static int[] firsts(int count) {
        int blocks = Math.min(count, MOST);
        return IntStream.range(0, blocks).map(i -> (int) ((long) i * count / blocks)).toArray();
    }
}
