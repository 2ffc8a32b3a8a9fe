package io.spectrawatch.ops.cli.option;

import io.spectrawatch.flink.settings.JobSettings;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Which settings are secrets: those that Kafka itself never prints. */
final class Secrets {

    private static final Set<String> KEYS = new TreeSet<>();

    static {
        for (ConfigDef definition :
                new ConfigDef[] {
                    AdminClientConfig.configDef(),
                    ConsumerConfig.configDef(),
                    ProducerConfig.configDef()
                }) {
            definition
                    .configKeys()
                    .forEach(
                            (name, key) -> {
                                if (key.type() == ConfigDef.Type.PASSWORD) {
                                    KEYS.add(name);
                                }
                            });
        }
    }

    private Secrets() {}

    /**
     * Every user of a machine can read the arguments of its processes, and shells remember them.
     *
     * @throws ConfigException if a key is a secret's, whatever prefix hands it to which client
     */
    static void refuseOnCommandLine(String option, Collection<String> keys) {
        for (String key : keys) {
            String plain =
                    key.startsWith(JobSettings.KAFKA_PREFIX)
                            ? key.substring(JobSettings.KAFKA_PREFIX.length())
                            : key;
            if (KEYS.stream().anyMatch(plain::endsWith)) {
                throw new ConfigException(
                        key
                                + " is a secret and must not be given with "
                                + option
                                + ", where every user of this machine can read it; put it into a"
                                + " file");
            }
        }
    }
}
