package io.spectrawatch.flink.calibrate.config;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.JobID;

/**
 * The reference samples that all subtasks of a job in this process choose together: more shards or
 * subtasks hold no more than one. Any number of threads may share it.
 */
public final class SharedSamples implements AutoCloseable {

    private static final Map<JobID, SharedSamples> OPEN = new HashMap<>();

    private final JobID job;
    private final ReferenceSamples samples;
    private int users;

    private SharedSamples(JobID job, ReferenceSamples samples) {
        this.job = job;
        this.samples = samples;
    }

    /** Joins those of a job; whoever has joined closes it once. */
    public static SharedSamples join(JobID job, CalibrateSettings.Detecting detecting) {
        synchronized (OPEN) {
            SharedSamples shared =
                    OPEN.computeIfAbsent(job, id -> new SharedSamples(id, detecting.samples()));
            shared.users++;
            return shared;
        }
    }

    /** As {@link ReferenceSamples#takes}. */
    public synchronized boolean takes(int place) {
        return samples.takes(place);
    }

    public synchronized void add(ReferenceSample sample, byte[] payload) {
        samples.add(sample, payload);
    }

    /** Hands on the samples of a shard. */
    public synchronized Iterator<byte[]> handOn(int shard) {
        return samples.handOn(each -> each == shard);
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            users--;
            if (users == 0) {
                OPEN.remove(job);
            }
        }
    }
}
