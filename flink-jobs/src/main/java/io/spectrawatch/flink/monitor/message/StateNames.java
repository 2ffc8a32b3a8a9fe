package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.schemas.Topics;
import java.util.stream.Stream;

/** Names of the state entries that a model's pane consists of. */
public final class StateNames {

    private StateNames() {}

    /**
     * Returns the name of an entry.
     *
     * @param prefix the kind of entry
     * @param part which of several, none where there is one per pane and model
     */
    public static String of(String prefix, Pane pane, ModelKey model, String... part) {
        Stream<String> place =
                Stream.of(
                        Long.toString(pane.start()),
                        Long.toString(pane.end()),
                        model.model(),
                        model.version(),
                        model.digest());
        return prefix + Topics.key(Stream.concat(place, Stream.of(part)).toArray(String[]::new));
    }
}
