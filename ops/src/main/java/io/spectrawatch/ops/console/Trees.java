package io.spectrawatch.ops.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spectrawatch.ops.console.store.Series;
import io.spectrawatch.ops.console.store.WatchedModel;
import io.spectrawatch.schemas.Interval;

/** Small pieces of JSON. Times are seconds since the epoch, as the charts want them. */
final class Trees {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final double MICROS_PER_SECOND = 1e6;

    private Trees() {}

    static ObjectNode object() {
        return NODES.objectNode();
    }

    static ArrayNode array() {
        return NODES.arrayNode();
    }

    static double seconds(long micros) {
        return micros / MICROS_PER_SECOND;
    }

    static ObjectNode of(WatchedModel key) {
        ObjectNode node = object();
        node.put("model", key.model());
        node.put("version", key.version());
        return node.put("segment", key.segment());
    }

    static ObjectNode of(Interval interval) {
        ObjectNode node = object();
        node.put("name", interval.getName());
        put(node, "lower", interval.getLower());
        put(node, "estimate", interval.getEstimate());
        put(node, "upper", interval.getUpper());
        return node;
    }

    /** JSON has no NaN and no infinity: null says that there is no number. */
    static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    static void add(ArrayNode array, double value) {
        if (Double.isFinite(value)) {
            array.add(value);
        } else {
            array.addNull();
        }
    }

    /** Ends of the points. */
    static ArrayNode times(Series series) {
        ArrayNode times = array();
        for (int i = 0; i < series.size(); i++) {
            times.add(seconds(series.to(i)));
        }
        return times;
    }

    static ArrayNode column(Series series, int column) {
        ArrayNode values = array();
        for (int i = 0; i < series.size(); i++) {
            add(values, series.value(column, i));
        }
        return values;
    }
}
