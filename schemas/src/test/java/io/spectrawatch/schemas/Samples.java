package io.spectrawatch.schemas;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** One fixed record of every type, the content of the golden files. */
final class Samples {

    private Samples() {}

    static Map<String, SpecificRecord> all() {
        Map<String, SpecificRecord> records = new LinkedHashMap<>();
        for (SpecificRecord sample :
                List.of(
                        snapshot(),
                        new Tick(1_000_000L, 60_000_000L, 10_000_000L, 2, 4, 17L, 5L, 3L),
                        new Activate("m", "1", "sha256:ab", 60_000_000L, "alice", "route=/chat"),
                        layerSketch(),
                        new SketchChunk(bytes(32), 0, 1, bytes(5)),
                        alert(),
                        new LayerCatalogueEntry(
                                "m", "1", "ab12", "h.0", 1, "HIDDEN", 2, "mlp-output"),
                        certificate(),
                        scores(),
                        new AttackEvidence(
                                "m",
                                "1",
                                "ab12",
                                60_000_000L,
                                120_000_000L,
                                "b1",
                                "exceedance-test-1",
                                400L,
                                31L,
                                "0a".repeat(32),
                                "0b".repeat(32),
                                bytes(6),
                                bytes(3),
                                Map.of("ADVERSARIAL", 7L),
                                null,
                                0L,
                                bytes(2),
                                "0c".repeat(32)),
                        growth(),
                        unwatched(),
                        new BaselineChunk("b1", 0, 2, bytes(5)),
                        baseline(),
                        new ModelChunk("d1", 0, 1, bytes(4)),
                        new ModelEntry(
                                "m",
                                "1",
                                "ab12",
                                "d1",
                                24L,
                                1,
                                List.of(
                                        new WeightTensor("head.weight", 2, 2),
                                        new WeightTensor("head.bias", 1, 2))),
                        new LateSnapshot(
                                120_000_000L, ByteBuffer.wrap(golden("ActivationSnapshot-1.bin"))),
                        new ModelIdentity(
                                "m",
                                "1",
                                "ab12",
                                List.of(new LayerIdentity("h.0", 0, "HIDDEN", 2, "mlp-output")),
                                "host-1-0",
                                2,
                                41L),
                        new AlertNote(
                                "a1",
                                AlertNoteKind.MUTED,
                                "alice",
                                1_700_000_000_000_000L,
                                "a rollout until noon",
                                1_700_003_600_000_000L,
                                "m",
                                "1",
                                "route=/chat",
                                "CERTIFICATE_DRIFT",
                                "h.0->h.1",
                                "test-1",
                                60_000_000L),
                        new AcceptedSnapshot(2, 41L, 120_000_000L, bytes(32)))) {
            records.put(sample.getSchema().getName(), sample);
        }
        return records;
    }

    static ActivationSnapshot snapshot() {
        Layer tokens =
                new Layer(
                        "h.0",
                        0,
                        LayerRole.HIDDEN,
                        3,
                        2,
                        ElementType.FLOAT16,
                        List.of(0, 0, 1),
                        bytes(12),
                        "residual-pre-norm",
                        false);
        Layer pooled =
                new Layer(
                        "out",
                        1,
                        LayerRole.EMBEDDING,
                        2,
                        1,
                        ElementType.FLOAT32,
                        null,
                        bytes(8),
                        null,
                        false);
        Sample part =
                Sample.newBuilder(WholeSample.of("r2", null, "t", 2.5))
                        .setPart(2)
                        .setLast(false)
                        .setSession("s1")
                        .setTraceId("4bf92f3577b34da6a3ce929d0e0e4736")
                        .setSpanId("00f067aa0ba902b7")
                        .setAttributes(Map.of("route", "/chat"))
                        .build();
        return snapshot(List.of(WholeSample.of("r1", "c", null, 1.0), part), tokens, pooled);
    }

    /** The samples say their rows. */
    static ActivationSnapshot ranged() {
        ActivationSnapshot listed = snapshot();
        Sample whole =
                Sample.newBuilder(listed.getSamples().get(0))
                        .setRows(
                                List.of(
                                        new RowRange(0L, 1, Phase.PROMPT),
                                        new RowRange(7L, 1, Phase.GENERATED)))
                        .build();
        Sample part =
                Sample.newBuilder(listed.getSamples().get(1))
                        .setRows(List.of(new RowRange(5_000_000_000L, 1, null)))
                        .build();
        Layer tokens = Layer.newBuilder(listed.getLayers().get(0)).setRowSample(null).build();
        Layer pooled = Layer.newBuilder(listed.getLayers().get(1)).setPerSample(true).build();
        return snapshot(List.of(whole, part), tokens, pooled);
    }

    private static ActivationSnapshot snapshot(List<Sample> samples, Layer tokens, Layer pooled) {
        return new ActivationSnapshot(
                "m",
                "1",
                "ab12",
                "host-1-0",
                7L,
                1_700_000_000_000_000L,
                samples,
                List.of(tokens, pooled));
    }

    /** The bytes of a file that an earlier release has written. */
    static byte[] golden(String name) {
        try (InputStream in = Samples.class.getResourceAsStream("/golden/" + name)) {
            assertNotNull(in, name);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LayerSketch layerSketch() {
        return new LayerSketch(
                "m",
                "1",
                "ab12",
                "h.0",
                0,
                0L,
                60_000_000L,
                3L,
                2,
                2.0 / 3,
                "exact",
                2,
                0.0,
                "mean",
                new SketchLedger(0.0, 0.0, 0.0, 4.5, 1e-15),
                List.of(3.0, 1.5),
                List.of(new Interval("energy", 4.5, 4.5, 4.5)),
                1,
                bytes(8),
                manifest(),
                bytes(32),
                1,
                List.of(new Interval("effective_rank", 1.5, 1.75, 1.875)),
                null);
    }

    private static Manifest manifest() {
        return new Manifest(
                List.of(new ShardInput(0, 3L, 5L, 6L, 2L, 3L, bytes(32), 1L)),
                null,
                new NumericConfig(
                        "host",
                        "OpenBLAS",
                        "0.3.31",
                        "SKYLAKEX",
                        "cpu",
                        1,
                        64,
                        "17",
                        Map.of("sketch.rows", "64")),
                5L,
                3L);
    }

    private static Alert alert() {
        return new Alert(
                "a1",
                "CERTIFICATE_DRIFT",
                AlertTransition.RAISED,
                "m",
                "1",
                "h.0",
                "test-1",
                0L,
                60_000_000L,
                null,
                new Interval("e", 1.0, 2.0, 3.0),
                0.5,
                "none",
                "text",
                Map.of("k", "v"),
                manifest(),
                "route=/chat",
                List.of(
                        new SampleExample(
                                "r1", "c", 2, 17L, 12.5, context(), List.of(speaking()))));
    }

    private static InterfaceCertificate certificate() {
        return new InterfaceCertificate(
                "m",
                "1",
                "ab12",
                "h.0->h.1",
                "h.0",
                "h.1",
                0L,
                120_000_000L,
                2,
                20_000L,
                "b1",
                "i1",
                CertificateStatus.PARTIAL,
                "1 elements were dropped at calibration",
                findings(),
                List.of(new TestEvidence("drift", 1.5, 7.25, 0.02, 1, 2L, false, "")),
                List.of("CERTIFICATE_DRIFT"),
                "s0",
                "s1",
                bytes(3),
                manifest(),
                null);
    }

    private static CertificateFindings findings() {
        return CertificateFindings.newBuilder()
                .setMode("PHYSICAL")
                .setScope("WINDOWED")
                .setGroups(2)
                .setColumns(3)
                .setRadius(0.25)
                .setBindingTest(new BindingTest("ACTIVITY", 1, -1, 2))
                .setReferenceRadius(0.5)
                .setEpsilon(new ErrorTerms(0.0, 0.0, 1e-12, 0.0, 1e-12))
                .setReferenceEpsilon(new ErrorTerms(0.0, 0.0, 2e-12, 0.0, 2e-12))
                .setSamplingSpread(0.125)
                .setEscapeX(0.0625)
                .setEscapeY(0.03125)
                .setSame(4)
                .setChanged(1)
                .setUnresolved(1)
                .setUncertified(1)
                .setResolvedRatio(5.0 / 6)
                .setChanges(List.of(new ElementChange("ACTIVITY", 1, -1, 2, true, 0.5)))
                .setUtilisation(0.5)
                .setUtilisationUpper(0.75)
                .setMarginConsumption(new MarginConsumption(0.25, 0.5, 1.0, 1, 2, 4e-12))
                .setSupports(List.of(List.of(0, 2), List.of(2)))
                .setUnresolvedColumns(List.of(List.of(), List.of(1)))
                .setEdges(List.of(0, 1))
                .setUnresolvedEdges(List.of())
                .setComponents(List.of(0, 0))
                .setHubs(List.of(2))
                .setHubDegree(2)
                .setCore(new Interval("core", 0.5, 0.5, 0.5))
                .setOverlap(new Interval("overlap", 0.25, 0.25, 0.25))
                .setNoise(new Interval("noise", 0.125, 0.125, 0.125))
                .setNoiseRatio(0.25)
                .setNoiseCap(0.5)
                .setNoiseRadius(0.375)
                .setNoiseCertified(true)
                .setRowLabels("WAR?")
                .setLabelRadius(0.0625)
                .setDriftScore(0.125)
                .setSpectrumScore(0.0)
                .setMovement(new Movement(0.5, null, 0.25, -0.125))
                .setMovementLevels(new Movement(0.25, 0.125, 0.5, 0.5))
                .setAttribution("UNDETERMINED")
                .setCharts(
                        List.of(
                                new SpectrumChart(
                                        "h.0",
                                        32,
                                        new ExponentInterval(0.75, 1.0, null),
                                        new Interval("effective_rank", 7.0, 8.0, 9.0),
                                        0.125,
                                        0.0625,
                                        List.of(0.5, 0.25),
                                        0.125)))
                .setBlocks(
                        new BlockEnergies(
                                List.of(0, 1),
                                List.of(0, 1, 2),
                                List.of(0.5, 0.125, 0.25, 0.0625, 0.0, 0.25),
                                List.of(0.5, 0.0, 0.25, 0.0625, 0.125, 0.25)))
                .build();
    }

    private static SampleScores scores() {
        return new SampleScores(
                "m",
                "1",
                "r1",
                "c",
                1_700_000_000_000_000L,
                2,
                17L,
                "b1",
                0.005,
                0.001,
                12.5,
                "ADVERSARIAL",
                "mahalanobis/h.0",
                7,
                Map.of("mahalanobis/h.0", 0.001),
                "r0",
                11L,
                0.002,
                "sample-detector-1",
                "a count",
                "sample r1: p = 0.005",
                Map.of("favouredClass", "3"),
                "route=/chat",
                null,
                3,
                40L,
                context(),
                List.of(speaking()));
    }

    private static SampleContext context() {
        return new SampleContext(
                "s1",
                "4bf92f3577b34da6a3ce929d0e0e4736",
                "00f067aa0ba902b7",
                Map.of("route", "/chat"));
    }

    private static SpeakingRow speaking() {
        return new SpeakingRow(17L, "GENERATED", 0.5);
    }

    private static GainGrowth growth() {
        return new GainGrowth(
                "m", "1", "ab12", 0L, 60_000_000L, "b1", 900L, 7L, 1L, 0.25, 0.125, 0.5, null);
    }

    private static UnwatchedLayers unwatched() {
        return new UnwatchedLayers(
                "m",
                "1",
                "ab12",
                0L,
                60_000_000L,
                null,
                0L,
                List.of(new UnwatchedLayer("head", 12, 30_000, 640L)),
                2L,
                "memory.budget heap=1024,native=2048, models.max 8",
                null);
    }

    private static BaselineEntry baseline() {
        return new BaselineEntry(
                "b1",
                "m",
                "1",
                "ab12",
                List.of(new OffsetRange(0, 3L, 5L), new OffsetRange(1, -1L, -1L)),
                640_000L,
                10L,
                2,
                Map.of("interfaces", "6"),
                null);
    }

    private static ByteBuffer bytes(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) count);
        return ByteBuffer.wrap(bytes);
    }
}
