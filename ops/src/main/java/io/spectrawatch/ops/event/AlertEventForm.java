package io.spectrawatch.ops.event;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import io.spectrawatch.ops.alert.AlertSubject;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.schemas.SampleExample;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * An alert as a log event, in OpenTelemetry's data model: a function of the record alone, so that
 * an event that is sent again is the same to the byte. Belongs to one thread.
 */
final class AlertEventForm {

    static final String NAME = "spectrawatch.alert";

    /** What the rules for Prometheus call critical. */
    static final Set<String> CRITICAL =
            Set.of("UNDER_ATTACK", "CLIENT_UNDER_ATTACK", "STRUCTURE_CHANGED");

    private static final String PREFIX = "spectrawatch.";
    private static final Resource RESOURCE =
            Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "spectrawatch"));

    /** The SDK hands on what it made of a record by way of its processor. */
    private LogRecordData made;

    private final Logger logger =
            SdkLoggerProvider.builder()
                    .setResource(RESOURCE)
                    .addLogRecordProcessor((context, record) -> made = record.toLogRecordData())
                    .build()
                    .get("io.spectrawatch.alerts");

    /**
     * @param recordedMillis when the record was written, by its own stamp
     */
    LogRecordData of(Alert alert, long recordedMillis) {
        LogRecordBuilder event =
                logger.logRecordBuilder()
                        .setEventName(NAME)
                        .setTimestamp(alert.getPaneEnd(), TimeUnit.MICROSECONDS)
                        .setObservedTimestamp(recordedMillis, TimeUnit.MILLISECONDS)
                        .setSeverity(severity(alert))
                        .setBody(alert.getText())
                        .setContext(trace(alert))
                        .setAllAttributes(attributes(alert));
        event.emit();
        return made;
    }

    private static Severity severity(Alert alert) {
        if (alert.getTransition() == AlertTransition.RESOLVED) {
            return Severity.INFO;
        }
        return CRITICAL.contains(alert.getKind()) ? Severity.ERROR : Severity.WARN;
    }

    /** The span of the loudest sample that has one. */
    private static Context trace(Alert alert) {
        for (SampleExample each : alert.getExamples()) {
            SampleContext of = each.getContext();
            if (of.getTraceId() != null && of.getSpanId() != null) {
                SpanContext span =
                        SpanContext.create(
                                of.getTraceId().toLowerCase(Locale.ROOT),
                                of.getSpanId().toLowerCase(Locale.ROOT),
                                TraceFlags.getDefault(),
                                TraceState.getDefault());
                if (span.isValid()) {
                    return Context.root().with(Span.wrap(span));
                }
            }
        }
        return Context.root();
    }

    private static Attributes attributes(Alert alert) {
        AttributesBuilder made = Attributes.builder();
        made.put(PREFIX + "alert.id", alert.getId());
        made.put(PREFIX + "alert.kind", alert.getKind());
        made.put(
                PREFIX + "alert.transition", alert.getTransition().name().toLowerCase(Locale.ROOT));
        made.put(PREFIX + "alert.detector", alert.getDetector());
        made.put(PREFIX + "alert.guarantee", alert.getGuarantee());
        made.put(PREFIX + "model.id", alert.getModelId());
        made.put(PREFIX + "model.version", alert.getModelVersion());
        put(made, "model.segment", alert.getSegment());
        put(made, "alert.subject", AlertSubject.of(alert).part());
        put(made, "sample.id", alert.getSampleId());
        made.put(PREFIX + "pane.start", alert.getPaneStart());
        made.put(PREFIX + "pane.end", alert.getPaneEnd());
        Interval statistic = alert.getStatistic();
        if (statistic != null) {
            made.put(PREFIX + "alert.statistic.name", statistic.getName());
            made.put(PREFIX + "alert.statistic.lower", statistic.getLower());
            made.put(PREFIX + "alert.statistic.estimate", statistic.getEstimate());
            made.put(PREFIX + "alert.statistic.upper", statistic.getUpper());
        }
        if (alert.getThreshold() != null) {
            made.put(PREFIX + "alert.threshold", alert.getThreshold());
        }
        new TreeMap<>(alert.getEvidence())
                .forEach((name, value) -> made.put(PREFIX + "alert.evidence." + name, value));
        List<String> traces =
                alert.getExamples().stream()
                        .map(each -> each.getContext().getTraceId())
                        .filter(each -> each != null)
                        .toList();
        if (!traces.isEmpty()) {
            made.put(AttributeKey.stringArrayKey(PREFIX + "sample.trace_ids"), traces);
        }
        return made.build();
    }

    private static void put(AttributesBuilder made, String name, String value) {
        if (value != null) {
            made.put(PREFIX + name, value);
        }
    }
}
