package io.spectrawatch.ops.cli.option;

import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.ops.admin.Role;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** The names under which ingest and monitor appear to the brokers, from their settings. */
public final class RoleIds {

    private RoleIds() {}

    public static Role.Ids defaults(String topicPrefix) {
        return of(topicPrefix, Map.of());
    }

    /**
     * @param settings of either service; what they do not name has its default
     */
    public static Role.Ids of(String topicPrefix, Map<String, String> settings) {
        ConfigDef ingest = IngestConfig.definition();
        ConfigDef monitor = MonitorConfig.definition();
        String outputs = value(settings, monitor, MonitorDefinition.OUTPUT_TOPIC_PREFIX.key());
        return new Role.Ids(
                topicPrefix,
                outputs.isEmpty() ? topicPrefix : outputs,
                value(settings, ingest, IngestConfig.APPLICATION_ID),
                value(settings, monitor, MonitorDefinition.GROUP_ID.key()),
                value(settings, monitor, MonitorDefinition.TRANSACTIONAL_ID_PREFIX.key()));
    }

    private static String value(Map<String, String> settings, ConfigDef definition, String key) {
        return settings.getOrDefault(key, definition.defaultValues().get(key).toString());
    }
}
