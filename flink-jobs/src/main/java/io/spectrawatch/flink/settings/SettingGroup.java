package io.spectrawatch.flink.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** Settings that belong together; each enters where it is declared. */
public final class SettingGroup {

    private final Map<String, Setting<?>> byKey = new LinkedHashMap<>();

    /** All settings of some groups. */
    public static SettingGroup of(SettingGroup... groups) {
        SettingGroup all = new SettingGroup();
        for (SettingGroup group : groups) {
            group.byKey.values().forEach(all::add);
        }
        return all;
    }

    /**
     * Takes a setting in, and returns it.
     *
     * @throws IllegalArgumentException if there is one with its key already
     */
    public <T> Setting<T> add(Setting<T> setting) {
        if (byKey.putIfAbsent(setting.key(), setting) != null) {
            throw new IllegalArgumentException("setting " + setting.key() + " is declared twice");
        }
        return setting;
    }

    /** The settings with their meaning, type and default, a fresh copy. */
    public ConfigDef definition() {
        ConfigDef definition = new ConfigDef();
        byKey.values().forEach(setting -> setting.define(definition));
        return definition;
    }

    Iterable<Setting<?>> settings() {
        return byKey.values();
    }
}
