package io.spectrawatch.ingest.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.Phase;
import io.spectrawatch.schemas.RowRange;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.schemas.WholeSample;
import io.spectrawatch.spectral.onnx.OnnxFormatException;
import io.spectrawatch.spectral.onnx.TensorInfo;
import io.spectrawatch.spectral.tensor.Tensors;
import io.spectrawatch.spectral.text.TextNgrams;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MiniLmTest {

    /**
     * fp32 through six blocks: fusions across a tapped tensor are undone, which reorders sums of
     * some 1536 terms of magnitude about 1.
     */
    private static final float FP32_TOLERANCE = 2e-5f;

    private static final List<String> TEXTS =
            List.of("a feline mammal", "the quick brown fox jumps over the lazy dog", "water");

    /** WordPiece tokens of the texts without [CLS] and [SEP]; "feline" is "fe", "##line". */
    private static final int[] TOKENS = {4, 9, 1};

    private static final List<Sample> SAMPLES =
            List.of(
                    WholeSample.of("s0", null, null, 1.0),
                    WholeSample.of("s1", null, null, 1.0),
                    WholeSample.of("s2", null, null, 1.0));

    private static byte[] model;
    private static ModelTap tap;
    private static TextEncoder encoder;

    @BeforeAll
    static void open() {
        model = MiniLm.model();
        tap = MiniLm.open(1);
        encoder = MiniLm.encoder();
    }

    @AfterAll
    static void close() {
        tap.close();
        encoder.close();
    }

    @Test
    void tapsAreTensorsTheModelComputes() {
        List<String> names = ModelTap.tensors(model).stream().map(TensorInfo::name).toList();

        assertEquals(7, MiniLm.taps().size());
        MiniLm.taps().forEach(tap -> assertTrue(names.contains(tap.tensor()), tap.tensor()));
    }

    @Test
    void tappingDoesNotChangeWhatTheModelComputes() throws OrtException {
        TokenBatch batch = encoder.encode(TEXTS);

        List<TensorData> tapped = tap.run(batch);

        TensorData last = tapped.get(6);
        assertArrayEquals(new long[] {3, batch.length(), MiniLm.COLUMNS}, last.shape());
        assertArrayEquals(plainModel(batch), floats(last.values()), FP32_TOLERANCE);
    }

    @Test
    void aTensorTappedAloneIsTheOneTappedAmongOthers() {
        TappedOutput second = MiniLm.taps().get(2);
        TokenBatch batch = encoder.encode(TEXTS);
        try (ModelTap alone = ModelTap.open(model, List.of(second), 1)) {
            assertArrayEquals(
                    floats(alone.run(batch).get(0).values()),
                    floats(tap.run(batch).get(2).values()),
                    FP32_TOLERANCE);
        }
    }

    @Test
    void rowsAreTheTokensOfTheText() {
        ActivationSnapshot snapshot = capture(RowSelection.defaults()).get(0);

        assertEquals(7, snapshot.getLayers().size());
        int expected = 0;
        for (int sample = 0; sample < TOKENS.length; sample++) {
            // Behind [CLS], which is left out.
            assertEquals(
                    List.of(new RowRange(1L, TOKENS[sample], Phase.PROMPT)),
                    snapshot.getSamples().get(sample).getRows());
            expected += TOKENS[sample];
        }
        for (Layer layer : snapshot.getLayers()) {
            assertEquals(expected, layer.getRows(), layer.getName());
            assertNull(layer.getRowSample(), layer.getName());
            assertFalse(layer.getPerSample(), layer.getName());
            assertEquals(MiniLm.COLUMNS, layer.getColumns());
        }
        assertEquals(LayerRole.EMBEDDING, snapshot.getLayers().get(0).getRole());
        assertEquals(tap.digest(), snapshot.getModelDigest());
    }

    @Test
    void rowsHoldTheValuesOfTheirTokens() {
        TokenBatch batch = encoder.encode(TEXTS);
        TensorData last = tap.run(batch).get(6);

        Layer layer = capture(RowSelection.defaults()).get(0).getLayers().get(6);

        FloatBuffer rows =
                layer.getData().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        int row = TOKENS[0];
        int token = 1 * batch.length() + 1;
        for (int c = 0; c < MiniLm.COLUMNS; c++) {
            assertEquals(
                    last.values().get(token * MiniLm.COLUMNS + c),
                    rows.get(row * MiniLm.COLUMNS + c),
                    "first token of the second text, column " + c);
        }
    }

    @Test
    void textsThatAreCutAreCounted() {
        long before = encoder.cutTexts();

        encoder.encode(List.of("short", "long ".repeat(encoder.maxTokens())));

        assertEquals(1, encoder.cutTexts() - before);
    }

    @Test
    void specialTokensAreKeptOnRequestButNeverPadding() {
        Layer layer =
                capture(RowSelection.defaults().withSpecialTokens(true)).get(0).getLayers().get(0);

        assertEquals(TOKENS[0] + TOKENS[1] + TOKENS[2] + 2 * TEXTS.size(), layer.getRows());
    }

    @Test
    void meanAndLastGiveOneRowPerSample() {
        for (RowSelection.Tokens tokens :
                List.of(RowSelection.Tokens.MEAN, RowSelection.Tokens.LAST)) {
            Layer layer =
                    capture(RowSelection.defaults().withTokens(tokens)).get(0).getLayers().get(3);

            assertEquals(TEXTS.size(), layer.getRows(), tokens.name());
            assertNull(layer.getRowSample(), tokens.name());
        }
    }

    @Test
    void aTextInAnyBatchGivesTheSameRows() {
        List<Sample> one = List.of(SAMPLES.get(0));
        CaptureSession session =
                CaptureSession.ofText(tap, encoder, null, settings(RowSelection.defaults()));
        Layer alone = session.snapshots(one, List.of(TEXTS.get(0)), 0).get(0).getLayers().get(6);
        Layer padded = capture(RowSelection.defaults()).get(0).getLayers().get(6);

        ByteBuffer head = padded.getData().duplicate().limit(alone.getData().remaining());
        assertArrayEquals(
                floats(alone.getData().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()),
                floats(head.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()),
                FP32_TOLERANCE);
    }

    @Test
    void textsAreALayerBeforeTheOthers() {
        CaptureSettings settings = settings(RowSelection.defaults()).withText(true);
        ActivationSnapshot snapshot =
                CaptureSession.ofText(tap, encoder, null, settings)
                        .snapshots(SAMPLES, TEXTS, 1_000_000L)
                        .get(0);
        Layer text = snapshot.getLayers().get(0);

        assertEquals(TextNgrams.FORMAT, text.getName());
        assertEquals(TextNgrams.FORMAT, text.getTap());
        assertEquals(LayerRole.INPUT, text.getRole());
        assertEquals(ElementType.FLOAT16, text.getElementType());
        assertTrue(text.getPerSample());
        assertEquals(1, snapshot.getLayers().get(1).getIndex());
        assertEquals(ElementType.FLOAT32, snapshot.getLayers().get(1).getElementType());
        float[] counts = new float[TEXTS.size() * TextNgrams.COLUMNS];
        Tensors.toFloats(
                text.getData(),
                io.spectrawatch.spectral.tensor.ElementType.FLOAT16,
                0,
                counts,
                0,
                counts.length);
        assertArrayEquals(TextNgrams.rows(TEXTS), counts);
    }

    @Test
    void arraysHoldNoTexts() {
        CaptureSettings settings = settings(RowSelection.defaults()).withText(true);

        Exception e =
                assertThrows(
                        CaptureException.class, () -> CaptureSession.ofArrays(tap, null, settings));
        assertTrue(e.getMessage().contains("not where it reads arrays"), e.getMessage());
    }

    @Test
    void anUnknownTensorIsNamed() {
        List<TappedOutput> taps = List.of(new TappedOutput("/encoder/layer.99", LayerRole.HIDDEN));

        Exception e = assertThrows(OnnxFormatException.class, () -> ModelTap.open(model, taps, 1));
        assertTrue(e.getMessage().contains("/encoder/layer.99"), e.getMessage());
    }

    private static List<ActivationSnapshot> capture(RowSelection rows) {
        return CaptureSession.ofText(tap, encoder, null, settings(rows))
                .snapshots(SAMPLES, TEXTS, 1_000_000L);
    }

    private static CaptureSettings settings(RowSelection rows) {
        return CaptureSettings.defaults(MiniLm.MODEL_ID, MiniLm.MODEL_VERSION)
                .withCaptureId("test")
                .withRows(rows);
    }

    private static float[] plainModel(TokenBatch batch) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] shape = {batch.samples(), batch.length()};
        try (OrtSession session = environment.createSession(model);
                OnnxTensor ids = tensor(environment, batch.ids(), shape);
                OnnxTensor mask = tensor(environment, batch.mask(), shape);
                OnnxTensor types = tensor(environment, batch.types(), shape);
                OrtSession.Result result =
                        session.run(
                                Map.of(
                                        "input_ids",
                                        ids,
                                        "attention_mask",
                                        mask,
                                        "token_type_ids",
                                        types))) {
            return floats(((OnnxTensor) result.get("last_hidden_state").get()).getFloatBuffer());
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, long[] values, long[] shape)
            throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }

    private static float[] floats(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.duplicate().get(values);
        return values;
    }
}
