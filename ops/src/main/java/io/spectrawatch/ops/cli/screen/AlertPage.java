package io.spectrawatch.ops.cli.screen;

import io.spectrawatch.ops.alert.KnownAlert;
import io.spectrawatch.ops.alert.RelatedRecords;
import io.spectrawatch.ops.alert.words.AlertWords;
import io.spectrawatch.ops.alert.words.CommandLines;
import io.spectrawatch.ops.alert.words.MovedBlocks;
import io.spectrawatch.ops.audit.record.Times;
import io.spectrawatch.ops.text.Printable;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.Manifest;
import io.spectrawatch.schemas.NumericConfig;
import io.spectrawatch.schemas.SampleContext;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.ShardInput;
import io.spectrawatch.schemas.SpeakingRow;
import java.io.PrintWriter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One alert as a whole, for a person who was woken by it. */
public final class AlertPage {

    /** Changed channels and scores that are named; JSON has all. */
    private static final int MOST_NAMED = 8;

    private static final int CHAIN_DIGITS = 16;

    private static final String RUNBOOKS = "ops/docs/runbooks.md#";

    private final PrintWriter out;
    private final Ink ink;
    private final CommandLines commands;

    /**
     * @param commands how the commands to copy reach Kafka
     */
    public AlertPage(PrintWriter out, Ink ink, CommandLines commands) {
        this.out = out;
        this.ink = ink;
        this.commands = commands;
    }

    public void print(KnownAlert known, RelatedRecords behind) {
        Alert alert = known.alert();
        field("alert", ink.bold(Printable.text(alert.getId())));
        field("kind", ink.red(Printable.text(alert.getKind())) + ", " + AlertWords.state(known));
        if (known.resolvedBy() != null) {
            field("ended by", AlertWords.shortId(known.resolvedBy()));
        }
        field("about", AlertWords.about(alert));
        field("panes", Times.text(alert.getPaneStart()) + " to " + Times.text(alert.getPaneEnd()));
        field("what", Printable.text(alert.getText()));
        field("proves", Printable.text(alert.getGuarantee()));
        field("statistic", AlertWords.statistic(alert));
        field("detector", Printable.text(alert.getDetector()));
        new TreeMap<>(alert.getEvidence())
                .forEach(
                        (key, value) ->
                                field(
                                        "evidence",
                                        AlertWords.evidenceName(key)
                                                + ": "
                                                + Printable.text(value)));
        samples(alert, behind.samples());
        if (behind.certificate() != null) {
            certificate(behind.certificate());
        }
        manifest(alert.getManifest());
        known.notes().forEach(note -> field("note", AlertWords.note(note)));
        if (known.mutedUntil() != null) {
            field("muted", "until " + Times.text(known.mutedUntil()));
        }
        field("runbook", RUNBOOKS + Printable.text(alert.getKind().toLowerCase(Locale.ROOT)));
        field("audit", commands.audit(alert));
        field("say", commands.of("alerts ack", alert.getId(), "--reason", "..."));
    }

    private void samples(Alert alert, List<SampleScores> scores) {
        for (SampleExample example : alert.getExamples()) {
            SampleScores own =
                    scores.stream()
                            .filter(each -> each.getSampleId().equals(example.getSampleId()))
                            .filter(each -> each.getOffset() == example.getOffset())
                            .findFirst()
                            .orElse(null);
            sample(
                    example.getSampleId(),
                    example.getClient(),
                    example.getStatistic(),
                    own,
                    example.getContext(),
                    example.getSpeaking());
            snapshot(example.getShard(), example.getOffset());
        }
        if (!alert.getExamples().isEmpty()) {
            return;
        }
        for (SampleScores each : scores) {
            sample(
                    each.getSampleId(),
                    each.getClient(),
                    each.getStatistic(),
                    each,
                    each.getContext(),
                    each.getSpeaking());
            snapshot(each.getShard(), each.getOffset());
        }
    }

    private void sample(
            String id,
            String client,
            double statistic,
            SampleScores scores,
            SampleContext context,
            List<SpeakingRow> speaking) {
        field(
                "sample",
                Printable.text(
                        id
                                + (client == null ? "" : " of client " + client)
                                + ": statistic "
                                + AlertWords.number(statistic)
                                + (scores == null ? "" : ", p " + scores.getP())
                                + (scores == null || scores.getKind() == null
                                        ? ""
                                        : ", " + scores.getKind())));
        if (!speaking.isEmpty()) {
            field("", AlertWords.speaking(speaking));
        }
        if (context != null) {
            context(context);
        }
        if (scores == null) {
            return;
        }
        field("", "loudest score " + Printable.text(scores.getLoudest()));
        scores.getScores().entrySet().stream()
                .sorted(
                        Map.Entry.<String, Double>comparingByValue()
                                .thenComparing(Map.Entry::getKey))
                .limit(MOST_NAMED)
                .forEach(
                        score ->
                                field(
                                        "",
                                        Printable.text(score.getKey())
                                                + " p "
                                                + AlertWords.number(score.getValue())));
        if (scores.getNearest() != null) {
            field("", "nearest earlier request " + Printable.text(scores.getNearest()));
        }
    }

    private void context(SampleContext context) {
        if (context.getTraceId() != null) {
            field(
                    "",
                    Printable.text(
                            "trace "
                                    + context.getTraceId()
                                    + (context.getSpanId() == null
                                            ? ""
                                            : ", span " + context.getSpanId())));
        }
        if (context.getSession() != null) {
            field("", "session " + Printable.text(context.getSession()));
        }
        new TreeMap<>(context.getAttributes())
                .forEach((name, value) -> field("", Printable.text(name + "=" + value)));
    }

    private void snapshot(int shard, long offset) {
        field(
                "",
                commands.of(
                        "decode",
                        "--topic",
                        "validated",
                        "--partition",
                        Integer.toString(shard),
                        "--from-offset",
                        Long.toString(offset),
                        "--limit",
                        "1"));
    }

    private void certificate(InterfaceCertificate certificate) {
        field(
                "certificate",
                AlertWords.word(certificate.getStatus().name())
                        + (certificate.getReason().isEmpty()
                                ? ""
                                : ": " + Printable.text(certificate.getReason())));
        CertificateFindings findings = certificate.getFindings();
        if (findings == null) {
            return;
        }
        field(
                "",
                String.format(
                        Locale.ROOT,
                        "of the certified elements %,d proven the same, %,d proven changed, %,d"
                                + " unresolved",
                        findings.getSame(),
                        findings.getChanged(),
                        findings.getUnresolved()));
        field(
                "",
                "margin consumed for sure "
                        + AlertWords.percent(findings.getUtilisation())
                        + ", at most "
                        + AlertWords.percent(findings.getUtilisationUpper()));
        findings.getChanges().stream()
                .limit(MOST_NAMED)
                .forEach(change -> field("", AlertWords.change(change)));
        int more = findings.getChanges().size() - MOST_NAMED;
        if (more > 0) {
            field("", "and " + more + " more");
        }
        MovedBlocks.of(findings, MOST_NAMED).forEach(each -> field("", each));
    }

    private void manifest(Manifest manifest) {
        if (manifest == null) {
            field("manifest", "none: no input was read");
            return;
        }
        for (ShardInput shard : manifest.getShards()) {
            field(
                    "manifest",
                    shard.getFirstOffset() < 0
                            ? "shard " + shard.getShard() + ": nothing"
                            : String.format(
                                    Locale.ROOT,
                                    "shard %d: offsets %d to %d, %,d snapshots, %,d rows, chain %s",
                                    shard.getShard(),
                                    shard.getFirstOffset(),
                                    shard.getLastOffset(),
                                    shard.getSnapshots(),
                                    shard.getRows(),
                                    chain(shard)));
        }
        NumericConfig numerics = manifest.getNumerics();
        field(
                "",
                Printable.text(
                        String.format(
                                Locale.ROOT,
                                "baseline %s; %s %s on %s (%s), Java %s",
                                manifest.getBaselineId() == null
                                        ? "none"
                                        : manifest.getBaselineId(),
                                numerics.getLibrary(),
                                numerics.getLibraryVersion(),
                                numerics.getDevice(),
                                numerics.getCoreName(),
                                numerics.getJavaVersion())));
        if (manifest.getRefusedRecords() != null) {
            field(
                    "",
                    String.format(
                            Locale.ROOT,
                            "%,d records refused and %,d late meanwhile, over all models",
                            manifest.getRefusedRecords(),
                            manifest.getLateRecords() == null ? 0 : manifest.getLateRecords()));
        }
    }

    private static String chain(ShardInput shard) {
        byte[] bytes = new byte[shard.getChain().remaining()];
        shard.getChain().duplicate().get(bytes);
        String hex = HexFormat.of().formatHex(bytes);
        return hex.substring(0, Math.min(CHAIN_DIGITS, hex.length()));
    }

    private void field(String name, String value) {
        out.printf("%-12s %s%n", name, value);
    }
}
