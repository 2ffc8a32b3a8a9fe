package io.spectrawatch.flink.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.MapState;

/** A map state of one key in memory, which also records what was written. */
public final class FakeMapState implements MapState<String, byte[]> {

    public final Map<String, byte[]> entries = new HashMap<>();
    public final List<String> written = new ArrayList<>();

    @Override
    public byte[] get(String key) {
        return entries.get(key);
    }

    @Override
    public void put(String key, byte[] value) {
        written.add(key);
        entries.put(key, value);
    }

    @Override
    public void putAll(Map<String, byte[]> map) {
        map.forEach(this::put);
    }

    @Override
    public void remove(String key) {
        entries.remove(key);
    }

    @Override
    public boolean contains(String key) {
        return entries.containsKey(key);
    }

    @Override
    public Iterable<Map.Entry<String, byte[]>> entries() {
        return entries.entrySet();
    }

    @Override
    public Iterable<String> keys() {
        return entries.keySet();
    }

    @Override
    public Iterable<byte[]> values() {
        return entries.values();
    }

    @Override
    public Iterator<Map.Entry<String, byte[]>> iterator() {
        return entries.entrySet().iterator();
    }

    @Override
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public void clear() {
        entries.clear();
    }
}
