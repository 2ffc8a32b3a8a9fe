package io.spectrawatch.ops.audit.compare;

import io.spectrawatch.ops.audit.record.Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An identity that the record holds more than once, as after a monitor that began again.
 *
 * @param topic topic, as sketches
 * @param window model/version/part/start
 * @param offsets where its copies stand, in the order in which they were read
 * @param same whether they are the same bytes; then the record says one thing, several times
 */
public record Repeated(
        String topic, String identity, String window, List<Long> offsets, boolean same) {

    static Repeated of(List<Entry> copies) {
        Entry first = copies.get(0);
        return new Repeated(
                first.record().getTopic(),
                first.identity(),
                first.window(),
                copies.stream().map(each -> each.record().getOffset()).toList(),
                copies.stream().allMatch(each -> sameBytes(first, each)));
    }

    /** The first copy of everything. */
    public static List<Entry> firsts(List<Entry> entries) {
        Set<String> seen = new HashSet<>();
        return entries.stream().filter(each -> seen.add(each.identity())).toList();
    }

    /** In words, as reports say it. */
    public String text() {
        return window
                + " ("
                + topic
                + ") stands "
                + offsets.size()
                + " times, at offsets "
                + offsets.stream().map(String::valueOf).collect(Collectors.joining(", "))
                + (same ? ", the same each time" : ", not the same each time");
    }

    /** Whether two records have the same key and value. */
    static boolean sameBytes(Entry a, Entry b) {
        return a.record().getKey().equals(b.record().getKey())
                && a.record().getValue().equals(b.record().getValue());
    }
}
