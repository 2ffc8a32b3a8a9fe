package io.spectrawatch.flink.calibrate.stage;

import io.spectrawatch.flink.calibrate.config.CalibrateSettings;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Merges the shards' summaries, keyed by slot, once all of them are there. */
public final class ShardMerger extends AbstractStreamOperator<CalibrationMessage>
        implements OneInputStreamOperator<CalibrationMessage, CalibrationMessage>, BoundedOneInput {

    private static final long serialVersionUID = 1L;

    private final CalibrateSettings settings;
    private final Merge.Factory factory;

    private transient CalibrationTools tools;
    private transient Merge merge;

    public ShardMerger(CalibrateSettings settings, Merge.Factory factory) {
        this.settings = settings;
        this.factory = factory;
    }

    @Override
    public void open() throws Exception {
        super.open();
        tools = new CalibrationTools(settings, getRuntimeContext().getJobInfo().getJobId());
        merge = factory.create(tools);
    }

    @Override
    public void processElement(StreamRecord<CalibrationMessage> element) {
        merge.accept(element.getValue().payload());
    }

    @Override
    public void endInput() {
        merge.end(
                payload -> output.collect(new StreamRecord<>(new CalibrationMessage(0, payload))));
    }

    @Override
    public void close() throws Exception {
        if (merge != null) {
            merge.close();
        }
        if (tools != null) {
            tools.close();
        }
        super.close();
    }
}
