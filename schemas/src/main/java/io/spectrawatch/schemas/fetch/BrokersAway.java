package io.spectrawatch.schemas.fetch;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * What administration clients do while no broker can be reached: try on, as consumers and producers
 * do.
 *
 * <p>By itself Kafka's administration client of version 4 begins anew from its bootstrap servers
 * after five minutes ({@code metadata.recovery.rebootstrap.trigger.ms}), and from then on again and
 * again without a pause: it keeps a processor busy and writes tens of megabytes of log a second.
 */
public final class BrokersAway {

    /** The setting. */
    public static final String SETTING = CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG;

    /** Its value: goes on trying the brokers it knows, by their names. */
    public static final String TRY_ON = "none";

    private BrokersAway() {}

    /** The same settings of an administration client, with this one unless it is chosen there. */
    public static Map<String, Object> tryOn(Map<String, ?> settings) {
        Map<String, Object> patient = new HashMap<>(settings);
        patient.putIfAbsent(SETTING, TRY_ON);
        return patient;
    }
}
