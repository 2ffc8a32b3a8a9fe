package io.spectrawatch.ops.cli;

import io.prometheus.client.CollectorRegistry;
import io.spectrawatch.ingest.capture.CaptureIds;
import io.spectrawatch.ingest.capture.CaptureSession;
import io.spectrawatch.ingest.capture.CaptureSettings;
import io.spectrawatch.ingest.capture.Glosses;
import io.spectrawatch.ingest.capture.LayerLosses;
import io.spectrawatch.ingest.capture.MiniLm;
import io.spectrawatch.ingest.capture.ModelTap;
import io.spectrawatch.ingest.capture.PublisherCounts;
import io.spectrawatch.ingest.capture.PublisherOptions;
import io.spectrawatch.ingest.capture.RowSelection;
import io.spectrawatch.ingest.capture.SnapshotPublisher;
import io.spectrawatch.ingest.capture.TappedOutput;
import io.spectrawatch.ingest.capture.TextEncoder;
import io.spectrawatch.ops.admin.Role;
import io.spectrawatch.ops.capture.CaptureInput;
import io.spectrawatch.ops.cli.option.KafkaOptions;
import io.spectrawatch.ops.cli.option.LayerOptions;
import io.spectrawatch.ops.process.ExitCodes;
import io.spectrawatch.ops.text.Printable;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.spectral.onnx.OnnxFile;
import io.spectrawatch.spectral.onnx.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code capture}: runs a model on a finite input and publishes what its layers hold. */
@Command(
        name = "capture",
        mixinStandardHelpOptions = true,
        description =
                "Runs an ONNX model on texts or arrays and publishes its activations;"
                        + " without --model the built-in all-MiniLM-L6-v2.")
final class CaptureCommand implements Callable<Integer> {

    /** What models of BERT's kind have positions for. */
    private static final String MAX_TOKENS = "512";

    @Spec private CommandSpec spec;

    @ArgGroup(exclusive = false)
    private KafkaOptions kafka;

    @Option(names = "--model", paramLabel = "FILE", description = "ONNX model.")
    private Path model;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "Hugging Face tokenizer.json, for models that read text.")
    private Path tokenizer;

    @Option(names = "--list", description = "List the model's tensors and exit.")
    private boolean list;

    @Mixin private LayerOptions layers;

    @ArgGroup private Input input;

    @Option(
            names = "--model-id",
            description = "What the snapshots call the model (default: the file's name).")
    private String modelId;

    @Option(
            names = "--model-version",
            defaultValue = "1",
            description = "Its version (default: ${DEFAULT-VALUE}).")
    private String modelVersion;

    @Option(
            names = "--batch",
            defaultValue = "8",
            description = "Samples of a forward pass (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--limit", description = "Samples at most (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = "--rows",
            defaultValue = "EACH",
            description =
                    "Rows of a layer with tokens: ${COMPLETION-CANDIDATES}"
                            + " (default: ${DEFAULT-VALUE}).")
    private RowSelection.Tokens rows;

    @Option(
            names = "--special-tokens",
            description = "Take special tokens along; their massive activations outweigh the text.")
    private boolean specialTokens;

    @Option(
            names = "--max-rows",
            description =
                    "Tokens or positions of a sample at most, spread evenly (default: all; what"
                            + " does not fit into a record goes in parts).")
    private int maxRows = Integer.MAX_VALUE;

    @Option(
            names = "--max-tokens",
            defaultValue = MAX_TOKENS,
            description =
                    "Tokens of a text that --tokenizer gives at most (default:"
                            + " ${DEFAULT-VALUE}); longer texts are cut there, and counted.")
    private int maxTokens;

    @Option(
            names = "--text-ngrams",
            description =
                    "Publish the texts too, as counts of hashed word 1-2-grams and character"
                            + " 3-5-grams: the layer text-ngrams-1, before all others.")
    private boolean textNgrams;

    @Option(
            names = "--feature-maps",
            defaultValue = "POOL",
            description =
                    "Rows of a layer with feature maps (samples, channels, one to three sizes):"
                            + " ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). POOL keeps one mean per channel, which"
                            + " is small; most attacks show only in FLATTEN, which is what evaluate"
                            + " measures without --pool. EACH gives a row per position, with a"
                            + " column per channel.")
    private RowSelection.FeatureMaps featureMaps;

    @Option(
            names = "--element-type",
            defaultValue = "FLOAT32",
            description =
                    "Encoding of the rows: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})."
                            + " FLOAT16 ends at 65504; values beyond are counted, and refused by"
                            + " ingest (exit code 1).")
    private ElementType elementType;

    @Option(
            names = "--threads",
            description = "Threads of a forward pass (default: one per processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--captures",
            paramLabel = "N",
            description =
                    "captureIds to use in turn; each stays on one shard (default: one per shard).")
    private int captures;

    @Option(
            names = "--drop-when-full",
            description =
                    "Drop snapshots when the broker is behind, as a server must, instead of"
                            + " waiting.")
    private boolean dropWhenFull;

    /** Where the samples come from. */
    private static final class Input {

        @Option(
                names = "--text",
                paramLabel = "FILE",
                required = true,
                description = "Texts, one a line, UTF-8.")
        private Path text;

        @Option(
                names = "--glosses",
                required = true,
                description = "The 117,000 definitions of WordNet, in a seeded order.")
        private boolean glosses;

        @Option(
                names = "--npy",
                paramLabel = "INPUT=FILE",
                required = true,
                description =
                        "A NumPy array (.npy, or .npz with one) per input of the model, the first"
                                + " dimension counts the samples; repeatable.")
        private Map<String, Path> npy;
    }

    @Override
    public Integer call() throws Exception {
        OnnxFile file = model == null ? null : OnnxFile.read(readable(model));
        if (list) {
            (file == null ? ModelTap.tensors(MiniLm.model()) : file.model().tensors())
                    .forEach(this::print);
            return 0;
        }
        if (kafka == null || input == null) {
            throw usage("--bootstrap-server and one of --text, --glosses, --npy are needed");
        }
        if (batch < 1 || limit < 1 || captures < 0 || maxRows < 1 || maxTokens < 1) {
            throw usage(
                    "--batch, --limit, --captures, --max-rows and --max-tokens must be at least 1");
        }
        if (textNgrams && input.npy != null) {
            throw usage("--text-ngrams needs texts, --npy has none");
        }
        List<TappedOutput> tapped = tapped();
        int shards = shards();
        CaptureInput samples = open(input);
        SnapshotPublisher publisher =
                SnapshotPublisher.open(
                        PublisherOptions.defaults().withTopicPrefix(kafka.topicPrefix()),
                        kafka.clientProperties(),
                        new CollectorRegistry(true),
                        (sequence, capturedAt, failure) -> {});
        List<LayerLosses> losses;
        try (publisher;
                ModelTap tap = open(file, tapped);
                TextEncoder encoder = input.npy == null ? encoder() : null) {
            List<CaptureSession> sessions = new ArrayList<>();
            int count = captures == 0 ? shards : captures;
            String start = CaptureSettings.newCaptureId();
            for (String id : CaptureIds.spread(start, shards, count)) {
                CaptureSettings settings = settings().withCaptureId(id);
                sessions.add(
                        encoder == null
                                ? CaptureSession.ofArrays(tap, publisher, settings)
                                : CaptureSession.ofText(tap, encoder, publisher, settings));
            }
            captureAll(sessions, samples);
            warnOfCutTexts(encoder);
            losses = LayerLosses.total(sessions.stream().map(CaptureSession::losses).toList());
        }
        return Math.max(report(publisher.counts()), warn(losses));
    }

    private ModelTap open(OnnxFile file, List<TappedOutput> tapped) {
        return file == null
                ? ModelTap.open(MiniLm.model(), tapped, threads)
                : ModelTap.open(file, tapped, threads);
    }

    /** Ingest will refuse what cannot be encoded; the place to mend it is here. */
    private int warn(List<LayerLosses> losses) {
        for (LayerLosses layer : losses) {
            if (layer.any()) {
                spec.commandLine()
                        .getErr()
                        .println(Printable.text(CaptureWarning.of(layer, elementType)));
            }
        }
        return losses.stream().anyMatch(LayerLosses::any) ? ExitCodes.FAILED : 0;
    }

    private void warnOfCutTexts(TextEncoder encoder) {
        if (encoder != null && encoder.cutTexts() > 0) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "warning: %,d texts have more than %,d tokens, and were cut there; a"
                                    + " model that reads more takes --max-tokens%n",
                            encoder.cutTexts(), encoder.maxTokens());
        }
    }

    /** Partitions of the topic, of which each capture's snapshots go to one. */
    private int shards() throws IOException {
        try (Admin admin = kafka.connect(Role.CAPTURE)) {
            return KafkaOptions.partitions(
                    admin, Topics.ACTIVATIONS.topicName(kafka.topicPrefix()));
        }
    }

    /** Batches go to the sessions in turn. */
    private void captureAll(List<CaptureSession> sessions, CaptureInput samples)
            throws InterruptedException {
        int size = Math.min(limit, samples.size());
        for (int from = 0; from < size; from += batch) {
            int to = Math.min(size, from + batch);
            long now = System.currentTimeMillis() * 1000;
            CaptureSession session = sessions.get(from / batch % sessions.size());
            samples.capture(session, from, to, now, !dropWhenFull);
        }
    }

    private int report(PublisherCounts counts) {
        spec.commandLine()
                .getOut()
                .printf(
                        "%d snapshots published, %d dropped, %d failed%n",
                        counts.acknowledged(), counts.dropped(), counts.failed());
        return counts.failed() == 0 ? 0 : ExitCodes.FAILED;
    }

    private CaptureInput open(Input chosen) throws IOException {
        if (chosen.text != null) {
            return CaptureInput.ofLines(readable(chosen.text));
        }
        if (chosen.npy != null) {
            for (Path file : chosen.npy.values()) {
                readable(file);
            }
            return CaptureInput.ofArrays(chosen.npy);
        }
        return CaptureInput.ofTexts(Glosses.shuffled(Glosses.all(), 1));
    }

    private TextEncoder encoder() throws IOException {
        if (tokenizer != null) {
            return TextEncoder.of(Files.readAllBytes(readable(tokenizer)), maxTokens);
        }
        if (model != null) {
            throw usage("--model on text needs its --tokenizer");
        }
        return MiniLm.encoder();
    }

    private List<TappedOutput> tapped() throws IOException {
        try {
            return layers.tapped(model == null ? MiniLm.taps() : List.of());
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private CaptureSettings settings() {
        String id = modelId;
        if (id == null) {
            id = model == null ? MiniLm.MODEL_ID : model.getFileName().toString();
        }
        return CaptureSettings.defaults(id, modelVersion)
                .withRows(
                        RowSelection.defaults()
                                .withTokens(rows)
                                .withSpecialTokens(specialTokens)
                                .withMaxRowsPerSample(maxRows)
                                .withFeatureMaps(featureMaps))
                .withElementType(elementType)
                .withText(textNgrams);
    }

    private Path readable(Path file) {
        if (!Files.isReadable(file)) {
            throw usage("cannot read " + file);
        }
        return file;
    }

    private void print(TensorInfo tensor) {
        spec.commandLine()
                .getOut()
                .printf(
                        "%-12s %-10s %-28s %s%n",
                        tensor.role(),
                        tensor.type(),
                        Printable.text(tensor.shape().toString()),
                        Printable.text(tensor.name()));
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
