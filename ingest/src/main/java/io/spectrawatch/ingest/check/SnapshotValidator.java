package io.spectrawatch.ingest.check;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.RejectionReason;
import io.spectrawatch.schemas.RowMap;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.schemas.WireException;
import io.spectrawatch.schemas.fetch.Oversized;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The checks that need nothing but the record itself, cheapest first: key, size, encoding, fields,
 * shapes, finiteness.
 */
public final class SnapshotValidator {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** Most characters of a layer's tap. */
    public static final int MAX_TAP = 64;

    private final IngestConfig limits;
    private final FieldChecks fields;
    private final SampleChecks samples;

    public SnapshotValidator(IngestConfig limits) {
        this.limits = limits;
        this.fields = new FieldChecks(limits.textLength());
        this.samples = new SampleChecks(limits, fields);
    }

    /** Decodes a record that passes every check. */
    public ActivationSnapshot validate(byte[] key, byte[] value) throws Refused {
        ActivationSnapshot snapshot = identify(key, value);
        check(snapshot);
        return snapshot;
    }

    /** Decodes a record that tells which snapshot of which capture it is. */
    public ActivationSnapshot identify(byte[] key, byte[] value) throws Refused {
        Optional<Oversized> oversized = Oversized.parse(value);
        if (oversized.isPresent()) {
            throw new Refused(RejectionReason.TOO_LARGE, oversized.get().message());
        }
        if (key == null) {
            throw new Refused(
                    RejectionReason.NO_KEY, "the record key must be the captureId, found none");
        }
        if (value != null && value.length > Topics.MAX_RECORD_BYTES) {
            throw new Refused(
                    RejectionReason.TOO_LARGE,
                    "a value may have "
                            + Topics.MAX_RECORD_BYTES
                            + " bytes, found "
                            + value.length);
        }
        ActivationSnapshot snapshot = decode(value);
        checkKey(key, snapshot.getCaptureId());
        fields.text("captureId", snapshot.getCaptureId());
        FieldChecks.notNegative("sequence", snapshot.getSequence());
        return snapshot;
    }

    /** Checks the rest. */
    public void check(ActivationSnapshot snapshot) throws Refused {
        checkFields(snapshot);
        samples.check(snapshot.getSamples());
        checkLayers(snapshot.getLayers());
        RowMap map = RowMap.of(snapshot);
        String ranges = map.violation();
        if (ranges != null) {
            throw FieldChecks.invalid(ranges);
        }
        for (Layer layer : snapshot.getLayers()) {
            checkShape(layer, map);
        }
        for (Layer layer : snapshot.getLayers()) {
            checkFinite(layer);
        }
    }

    static ElementType elementType(Layer layer) {
        return switch (layer.getElementType()) {
            case FLOAT32 -> ElementType.FLOAT32;
            case FLOAT16 -> ElementType.FLOAT16;
            case BFLOAT16 -> ElementType.BFLOAT16;
        };
    }

    private static ActivationSnapshot decode(byte[] value) throws Refused {
        try {
            return Wire.decode(value, ActivationSnapshot.class);
        } catch (WireException e) {
            throw new Refused(e.reason(), e.getMessage());
        }
    }

    private static void checkKey(byte[] key, String captureId) throws Refused {
        if (!Arrays.equals(key, captureId.getBytes(StandardCharsets.UTF_8))) {
            throw new Refused(
                    RejectionReason.KEY_MISMATCH,
                    "the record key must be the captureId '"
                            + captureId
                            + "', found '"
                            + new String(key, StandardCharsets.UTF_8)
                            + "'");
        }
    }

    private void checkFields(ActivationSnapshot snapshot) throws Refused {
        fields.text("modelId", snapshot.getModelId());
        fields.text("modelVersion", snapshot.getModelVersion());
        if (!SHA_256.matcher(snapshot.getModelDigest()).matches()) {
            throw FieldChecks.invalid(
                    "modelDigest must be 64 lower-case hexadecimal digits, found '"
                            + snapshot.getModelDigest()
                            + "'");
        }
        FieldChecks.notNegative("capturedAt", snapshot.getCapturedAt());
    }

    private void checkLayers(List<Layer> layers) throws Refused {
        FieldChecks.count("layers", layers.size(), limits.layers());
        Set<String> names = new HashSet<>();
        Set<Integer> indices = new HashSet<>();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            fields.text("layers[" + i + "].name", layer.getName());
            if (!names.add(layer.getName())) {
                throw FieldChecks.invalid(
                        "layers[" + i + "].name '" + layer.getName() + "' occurs twice");
            }
            FieldChecks.notNegative("layers[" + i + "].index", layer.getIndex());
            if (!indices.add(layer.getIndex())) {
                throw FieldChecks.invalid(
                        "layers[" + i + "].index " + layer.getIndex() + " occurs twice");
            }
            FieldChecks.notNegative("layers[" + i + "].rows", layer.getRows());
            FieldChecks.count("layers[" + i + "].columns", layer.getColumns(), limits.columns());
            if (layer.getTap() != null) {
                FieldChecks.text("layers[" + i + "].tap", layer.getTap(), MAX_TAP);
            }
        }
    }

    private static void checkShape(Layer layer, RowMap map) throws Refused {
        // rows and columns are below 2^31, so their product cannot overflow a long; the byte count
        // could, and is therefore divided instead.
        long elements = (long) layer.getRows() * layer.getColumns();
        int bytes = layer.getData().remaining();
        int size = elementType(layer).bytes();
        if (bytes % size != 0 || bytes / size != elements) {
            throw shape(
                    layer,
                    layer.getRows()
                            + " x "
                            + layer.getColumns()
                            + " "
                            + layer.getElementType()
                            + " elements of "
                            + size
                            + " bytes do not make "
                            + bytes
                            + " bytes of data");
        }
        String mapped = map.violation(layer);
        if (mapped != null) {
            throw shape(layer, mapped);
        }
    }

    private static void checkFinite(Layer layer) throws Refused {
        ByteBuffer data = layer.getData();
        int at = Tensors.firstNonFinite(data, elementType(layer));
        if (at >= 0) {
            throw new Refused(
                    RejectionReason.NOT_FINITE,
                    "layer '"
                            + layer.getName()
                            + "' has NaN or infinity at row "
                            + at / layer.getColumns()
                            + ", column "
                            + at % layer.getColumns());
        }
    }

    private static Refused shape(Layer layer, String message) {
        return new Refused(
                RejectionReason.SHAPE_MISMATCH, "layer '" + layer.getName() + "': " + message);
    }
}
