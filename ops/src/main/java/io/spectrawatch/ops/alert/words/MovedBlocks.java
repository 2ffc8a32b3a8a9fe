package io.spectrawatch.ops.alert.words;

import io.spectrawatch.schemas.BlockEnergies;
import io.spectrawatch.schemas.CertificateFindings;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where an alignment matrix moved: blocks whose energy is proven to differ from the reference's,
 * because the two numbers are further apart than their errors together.
 */
public final class MovedBlocks {

    private MovedBlocks() {}

    /**
     * The blocks that moved most, in words, largest first; empty where none is proven to have moved
     * or the record has none.
     */
    public static List<String> of(CertificateFindings findings, int most) {
        BlockEnergies blocks = findings.getBlocks();
        if (blocks == null) {
            return List.of();
        }
        double errors =
                findings.getEpsilon().getTotal() + findings.getReferenceEpsilon().getTotal();
        return IntStream.range(0, blocks.getEnergies().size())
                .boxed()
                .filter(block -> moved(blocks, block) > errors)
                .sorted(Comparator.comparingDouble(block -> -moved(blocks, block)))
                .limit(most)
                .map(block -> words(findings, block, errors))
                .toList();
    }

    private static double moved(BlockEnergies blocks, int block) {
        return Math.abs(blocks.getEnergies().get(block) - blocks.getReferenceEnergies().get(block));
    }

    private static String words(CertificateFindings findings, int block, double errors) {
        BlockEnergies blocks = findings.getBlocks();
        int columns = blocks.getFirstColumns().size();
        return range("group", blocks.getFirstGroups(), block / columns, findings.getGroups())
                + ", "
                + range("column", blocks.getFirstColumns(), block % columns, findings.getColumns())
                + ": energy "
                + AlertWords.number(blocks.getReferenceEnergies().get(block))
                + " in the reference, "
                + AlertWords.number(blocks.getEnergies().get(block))
                + " now, errors together "
                + AlertWords.number(errors);
    }

    private static String range(String what, List<Integer> firsts, int place, int all) {
        int first = firsts.get(place);
        int last = (place + 1 < firsts.size() ? firsts.get(place + 1) : all) - 1;
        return first == last ? what + " " + first : what + "s " + first + " to " + last;
    }
}
