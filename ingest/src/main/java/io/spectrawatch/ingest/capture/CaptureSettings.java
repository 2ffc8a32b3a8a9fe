package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.ElementType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/**
 * What snapshots say about their origin, and how rows are taken and encoded.
 *
 * @param captureId unique per start of a capture process; {@link #newCaptureId()} makes one
 * @param elementType encoding of the rows; half the bytes of FLOAT32 for the 16-bit types, at the
 *     price of rounding to 11 (FLOAT16, up to 65504) or 8 (BFLOAT16) bits
 * @param text whether texts are published beside the rows as counts of hashed n-grams, see {@link
 *     io.spectrawatch.spectral.text.TextNgrams}
 */
public record CaptureSettings(
        String modelId,
        String modelVersion,
        String captureId,
        RowSelection rows,
        ElementType elementType,
        boolean text) {

    /** FLOAT32, one row per token, a new captureId, no texts. */
    public static CaptureSettings defaults(String modelId, String modelVersion) {
        return new CaptureSettings(
                modelId,
                modelVersion,
                newCaptureId(),
                RowSelection.defaults(),
                ElementType.FLOAT32,
                false);
    }

    public CaptureSettings withCaptureId(String id) {
        return new CaptureSettings(modelId, modelVersion, id, rows, elementType, text);
    }

    public CaptureSettings withRows(RowSelection selection) {
        return new CaptureSettings(modelId, modelVersion, captureId, selection, elementType, text);
    }

    public CaptureSettings withElementType(ElementType type) {
        return new CaptureSettings(modelId, modelVersion, captureId, rows, type, text);
    }

    /** The same with the texts as counts of hashed n-grams, or without. */
    public CaptureSettings withText(boolean published) {
        return new CaptureSettings(modelId, modelVersion, captureId, rows, elementType, published);
    }

    /** Host, start time and chance. */
    public static String newCaptureId() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // The name only helps people; the rest of the id is unique without it.
            host = "unknown";
        }
        return host
                + "-"
                + System.currentTimeMillis()
                + "-"
                + UUID.randomUUID().toString().substring(0, 8);
    }
}
