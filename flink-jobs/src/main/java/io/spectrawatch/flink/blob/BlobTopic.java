package io.spectrawatch.flink.blob;

import io.spectrawatch.schemas.BaselineChunk;
import io.spectrawatch.schemas.BaselineEntry;
import io.spectrawatch.schemas.ModelChunk;
import io.spectrawatch.schemas.ModelEntry;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.ByteBuffer;
import org.apache.avro.specific.SpecificRecord;

/** The topics that hold blobs in pieces, and the records that carry them. */
public enum BlobTopic {
    /** Baselines, each under its own hash. */
    BASELINES(Topics.BASELINES, "baseline") {
        @Override
        Piece piece(byte[] value) {
            BaselineChunk chunk = Wire.decode(value, BaselineChunk.class);
            return new Piece(
                    chunk.getBaselineId(), chunk.getIndex(), chunk.getCount(), chunk.getData());
        }

        @Override
        SpecificRecord record(Piece piece) {
            return new BaselineChunk(piece.hash(), piece.index(), piece.count(), piece.data());
        }

        @Override
        Entry entry(byte[] value) {
            BaselineEntry entry = Wire.decode(value, BaselineEntry.class);
            return new Entry(entry.getBaselineId(), entry.getBytes(), entry.getChunks());
        }
    },

    /** Weights of models, found by the name of the model. */
    MODELS(Topics.MODELS, "blob of weights") {
        @Override
        Piece piece(byte[] value) {
            ModelChunk chunk = Wire.decode(value, ModelChunk.class);
            return new Piece(
                    chunk.getDigest(), chunk.getIndex(), chunk.getCount(), chunk.getData());
        }

        @Override
        SpecificRecord record(Piece piece) {
            return new ModelChunk(piece.hash(), piece.index(), piece.count(), piece.data());
        }

        @Override
        Entry entry(byte[] value) {
            ModelEntry entry = Wire.decode(value, ModelEntry.class);
            return new Entry(entry.getDigest(), entry.getBytes(), entry.getChunks());
        }
    };

    private final Topics topic;
    private final String noun;

    BlobTopic(Topics topic, String noun) {
        this.topic = topic;
        this.noun = noun;
    }

    /** One piece: the hash of its blob, its place among so many, and its bytes. */
    record Piece(String hash, int index, int count, ByteBuffer data) {}

    /** What an entry says of its blob. */
    record Entry(String hash, long bytes, int chunks) {}

    /** Its name on the brokers. */
    public String topicName(String prefix) {
        return topic.topicName(prefix);
    }

    /** What its blobs are, for messages. */
    String noun() {
        return noun;
    }

    abstract Piece piece(byte[] value);

    abstract SpecificRecord record(Piece piece);

    abstract Entry entry(byte[] value);
}
