package io.spectrawatch.ops.demo.pipeline;

import io.spectrawatch.ops.audit.AuditReport;

/**
 * What a demo run did; the components are the keys of {@code --json}.
 *
 * @param snapshots snapshots captured and acknowledged by the broker
 * @param rows activation rows in them, over all layers
 * @param layers layers of which sketches arrived
 * @param windows panes that were completed
 * @param sketches layer sketches that arrived, one per layer and pane
 * @param rejected dead letters
 * @param dropped snapshots that capture dropped
 * @param rowsPerSecond rows over the time from the first snapshot to the last sketch
 * @param metricsUrl where /metrics was served
 * @param offlineAgreement maximum over layers and panes of the spectral norm of the difference
 *     between the pipeline's moment and the directly computed one, over (Delta + e_fp); at most 1
 *     when the certificate holds
 * @param audit what the audit of the run found; null without one
 */
public record DemoReport(
        long snapshots,
        long rows,
        int layers,
        int windows,
        int sketches,
        long rejected,
        long dropped,
        double rowsPerSecond,
        String metricsUrl,
        double offlineAgreement,
        AuditReport audit) {}
