package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.schemas.Topics;

/** Names of the state entries that a model's pane consists of. */
public final class StateNames {

    private StateNames() {}

    /** Parts of a name that say of which pane and model it is. */
    private static final int PARTS_OF_PLACE = 5;

    /**
     * Returns the name of an entry.
     *
     * @param prefix the kind of entry
     * @param part which of several, none where there is one per pane and model
     */
    public static String of(String prefix, Pane pane, ModelKey model, String... part) {
        String name =
                prefix
                        + Topics.key(Long.toString(pane.start()), Long.toString(pane.end()))
                        + '/'
                        + model.stateKey();
        return part.length == 0 ? name : name + '/' + Topics.key(part);
    }

    /**
     * The part of a name that says of which pane and model it is: all there is for one of these.
     */
    public static String placeOf(String name) {
        int from = name.indexOf('/') + 1;
        int to = name.indexOf('/', from);
        for (int i = 1; i < PARTS_OF_PLACE && to >= 0; i++) {
            to = name.indexOf('/', to + 1);
        }
        return to < 0 ? name.substring(from) : name.substring(from, to);
    }
}
