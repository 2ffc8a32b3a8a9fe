package io.spectrawatch.ingest.check;

import io.spectrawatch.ingest.config.IngestConfig;
import io.spectrawatch.schemas.RejectionReason;

/** What a client or an operator does so that records are no longer refused. */
public final class Remedy {

    private static final String KEY = "set the record key to the captureId, in UTF-8";

    private Remedy() {}

    public static String of(RejectionReason reason) {
        return switch (reason) {
            case UNDECODABLE ->
                    "encode one ActivationSnapshot per record in Avro's single-object encoding";
            case UNKNOWN_SCHEMA ->
                    "encode an ActivationSnapshot with the schema of a release, and upgrade ingest"
                            + " before its clients";
            case NO_KEY, KEY_MISMATCH -> KEY;
            case TOO_LARGE -> "split the snapshot by samples, and a long sample into parts";
            case INVALID_FIELD ->
                    "correct the field in the client, or raise the limit in ingest's settings";
            case SHAPE_MISMATCH ->
                    "data is rows x columns little-endian elements, row by row, and the rows of the"
                            + " samples, or rowSample, say whose each row is";
            case NOT_FINITE ->
                    "find where the model overflows; as FLOAT16 values above 65504 do, as BFLOAT16"
                            + " or FLOAT32 they do not";
            case DUPLICATE ->
                    "count sequence up by one per snapshot, and take a new captureId at each start"
                            + " of a process";
            case LATE -> "deliver sooner, or raise " + IngestConfig.MAX_LATE_AGE;
            case FUTURE ->
                    "give capturedAt in microseconds since 1970, by a clock that is set by NTP";
            case PART_ORDER ->
                    "number the parts of a sample from 0 by one, and send none after the last";
            case CATALOGUE_CONFLICT ->
                    "what was claimed first counts; publish a changed model under a new version";
        };
    }
}
