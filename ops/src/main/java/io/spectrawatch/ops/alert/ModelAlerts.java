package io.spectrawatch.ops.alert;

import java.util.SortedMap;

/**
 * How many alerts stand for a model.
 *
 * @param model model
 * @param version its version
 * @param segment segment of the traffic, or null
 * @param kinds by kind
 */
public record ModelAlerts(
        String model, String version, String segment, SortedMap<String, Integer> kinds) {}
