package io.spectrawatch.spectral.certificate;

import java.util.List;

/**
 * Whether the data entering an interface or the interface's own map has moved. Solid for linear
 * blocks and whenever the input stands still; a nonlinear block's linear map also depends on its
 * input, which the texts say.
 */
public enum Attribution {
    /** Nothing beyond the levels seen without change. */
    NONE("nothing moved beyond the levels of the reference"),
    /** The input moved, the map did not. */
    INPUT("input drift: the input of this interface moved and its linear map did not"),
    /** The map moved while the input stood still, and by more than it: the mechanism changed. */
    MECHANISM("mechanism drift: the linear map moved while the input of this interface did not"),
    /** Both moved: input drift for sure; a change of the block cannot be told apart from it. */
    INPUT_AND_MAP(
            "input drift: the input of this interface moved and its linear map with it, as it may"
                    + " in a nonlinear block; a change of the block itself is not excluded"),
    /** The cross moment or the map moved, but neither input nor block can be named. */
    UNDETERMINED(
            "the cross moment or the map moved, the map by no more than the input may explain, and"
                    + " the input not beyond the levels of the reference");

    private final String text;

    Attribution(String text) {
        this.text = text;
    }

    /** Returns the sentence for an alert. */
    public String text() {
        return text;
    }

    /**
     * Compares movements with the levels that the reference's own held-back panes stay below.
     *
     * <p>A map that moves less than its input, both relative, is not called a mechanism even while
     * the input stays below its level: a nonlinear block's map follows its input, and one that
     * mixes tokens also follows their order, which second moments of single tokens hardly show. In
     * a transformer whose words were shuffled the map moved by 5 to 25 % of what its input moved;
     * behind coarser weights by ten times as much.
     *
     * @param levels largest movements without change
     */
    public static Attribution of(Movement movement, Movement levels) {
        boolean input = movement.input() > levels.input();
        boolean map = movement.mapKnown() && movement.map() > levels.map();
        if (input) {
            return map ? INPUT_AND_MAP : INPUT;
        }
        if (map && movement.map() > movement.input()) {
            return MECHANISM;
        }
        return map || movement.transport() > levels.transport() ? UNDETERMINED : NONE;
    }

    /**
     * Finds the root cause along a chain: the first interface where anything moved. Downstream of a
     * changed block every input moves, so later interfaces say less.
     *
     * @param chain attribution of each interface from the model's input to its output
     * @return index of the first interface that moved, or -1
     */
    public static int root(List<Attribution> chain) {
        for (int i = 0; i < chain.size(); i++) {
            if (chain.get(i) != NONE && chain.get(i) != UNDETERMINED) {
                return i;
            }
        }
        return -1;
    }
}
