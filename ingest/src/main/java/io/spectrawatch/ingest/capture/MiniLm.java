package io.spectrawatch.ingest.capture;

import io.spectrawatch.schemas.LayerRole;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A real transformer without a download: the sentence encoder all-MiniLM-L6-v2, from a library on
 * the class path.
 *
 * <p>Tapped are the sum of its embeddings and its six blocks, 384 columns each.
 */
public final class MiniLm {

    /** What snapshots of it are called. */
    public static final String MODEL_ID = "all-MiniLM-L6-v2";

    /** Version of the weights. */
    public static final String MODEL_VERSION = "1";

    /** Columns of every tapped tensor. */
    public static final int COLUMNS = 384;

    private static final String MODEL = "/all-minilm-l6-v2.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
    private static final int BLOCKS = 6;

    /** The length the model was trained with. */
    private static final int MAX_TOKENS = 256;

    private MiniLm() {}

    /** Opens the model with all its taps. */
    public static ModelTap open(int threads) {
        return ModelTap.open(model(), taps(), threads);
    }

    /** Its tokenizer. */
    public static TextEncoder encoder() {
        return TextEncoder.of(resource(TOKENIZER), MAX_TOKENS);
    }

    /** The ONNX file, 86 MiB. */
    public static byte[] model() {
        return resource(MODEL);
    }

    /** Embeddings, then the blocks; the last one's output is the model's own. */
    public static List<TappedOutput> taps() {
        List<TappedOutput> taps = new ArrayList<>();
        taps.add(new TappedOutput("/embeddings/LayerNorm/Add_1_output_0", LayerRole.EMBEDDING));
        for (int block = 0; block < BLOCKS - 1; block++) {
            taps.add(
                    new TappedOutput(
                            "/encoder/layer." + block + "/output/LayerNorm/Add_1_output_0",
                            LayerRole.HIDDEN));
        }
        taps.add(new TappedOutput("last_hidden_state", LayerRole.HIDDEN));
        return taps;
    }

    private static byte[] resource(String path) {
        try (InputStream in = MiniLm.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new CaptureException("the class path lacks the model's file " + path);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}
