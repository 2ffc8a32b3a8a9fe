package io.spectrawatch.flink.monitor.config;

import java.io.Serializable;
import org.apache.kafka.common.config.ConfigException;

/**
 * Rows that a layer gathers before its sketch is updated.
 *
 * <p>Larger blocks shrink less often, so they certify more, and take more memory: with {@code auto}
 * {@code LayerPlan} gives layers kept by Frequent Directions larger ones where the share has room.
 * Everything else that works by blocks, exact moments and projections among it, takes the usual
 * size.
 *
 * @param usual rows of a block, where nothing larger is chosen
 * @param growth how many times as many rows the largest blocks have, a power of two; 1 where the
 *     size is set
 */
public record BlockRows(int usual, int growth) implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Leaves the size to the memory that a model has. */
    static final String AUTO = "auto";

    private static final int USUAL = 64;

    /** Measured, see performance.md: beyond it a row costs more than it certifies. */
    private static final int MOST_GROWTH = 4;

    private static final int MOST_ROWS = 4096;

    /**
     * Reads a setting.
     *
     * @param key of the setting, for errors
     * @param text {@code auto} or a number of rows from 1 to 4,096
     * @throws ConfigException if it is neither
     */
    static BlockRows parse(String key, String text) {
        if (text.equals(AUTO)) {
            return new BlockRows(USUAL, MOST_GROWTH);
        }
        int rows = 0;
        try {
            rows = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            // As any other number that is none of the allowed ones.
        }
        if (rows < 1 || rows > MOST_ROWS) {
            throw new ConfigException(key, text, "auto or 1 to " + MOST_ROWS + " rows expected");
        }
        return new BlockRows(rows, 1);
    }

    /** Whether layers of one job may have blocks of different sizes. */
    public boolean isAuto() {
        return growth > 1;
    }

    /** Rows of the largest block. */
    public int most() {
        return usual * growth;
    }
}
