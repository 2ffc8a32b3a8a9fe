package io.spectrawatch.spectral.baseline;

import io.spectrawatch.spectral.binary.Sha256;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.detect.Detector;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one version of a model is judged by: windows of its layers, baselines of its interfaces, its
 * detector. Immutable and content-addressed; any other setting or reference is another baseline
 * with another id.
 *
 * <pre>{@code
 * ModelBaseline baseline = ModelBaseline.fromBytes(bytes);
 * Optional<String> reason = baseline.mismatch(model, version, digest, "layer3", 384);
 * }</pre>
 */
public final class ModelBaseline {

    /**
     * How snapshots become rows, halves and pairs of rows. A baseline of another schema was
     * calibrated on other rows than a monitor of this release would compare with it.
     */
    public static final int SCHEMA_VERSION = 1;

    private static final Comparator<LayerBaseline> CHAIN =
            Comparator.comparingInt(LayerBaseline::index).thenComparing(LayerBaseline::name);

    private final String model;
    private final String version;
    private final String digest;
    private final int schemaVersion;
    private final List<LayerBaseline> layers;
    private final List<ModelInterface> interfaces;
    private final Detector detector;
    private final Provenance provenance;
    private final String id;

    /**
     * Freezes a baseline of {@link #SCHEMA_VERSION}.
     *
     * @param digest digest of the weights that its snapshots carried
     * @param layers ascending by index, then name
     * @param interfaces in the order of the chain
     * @param detector or null
     * @throws IllegalArgumentException if layers are out of order or repeat a name, or an interface
     *     does not join two later layers by their windows and names
     */
    public ModelBaseline(
            String model,
            String version,
            String digest,
            List<LayerBaseline> layers,
            List<ModelInterface> interfaces,
            Detector detector,
            Provenance provenance) {
        this(model, version, digest, SCHEMA_VERSION, layers, interfaces, detector, provenance);
    }

    ModelBaseline(
            String model,
            String version,
            String digest,
            int schemaVersion,
            List<LayerBaseline> layers,
            List<ModelInterface> interfaces,
            Detector detector,
            Provenance provenance) {
        this.model = model;
        this.version = version;
        this.digest = digest;
        this.schemaVersion = schemaVersion;
        this.layers = List.copyOf(layers);
        this.interfaces = List.copyOf(interfaces);
        this.detector = detector;
        this.provenance = provenance;
        requireChain();
        requireJoined();
        this.id = Sha256.hex(toBytes());
    }

    private void requireChain() {
        Set<String> names = new HashSet<>();
        LayerBaseline before = null;
        for (LayerBaseline layer : layers) {
            if (!names.add(layer.name()) || before != null && CHAIN.compare(before, layer) >= 0) {
                throw new IllegalArgumentException(
                        "baseline: layers with distinct names, ascending by index and name,"
                                + " expected, found "
                                + layer.name()
                                + " at index "
                                + layer.index());
            }
            before = layer;
        }
    }

    private void requireJoined() {
        Set<String> names = new HashSet<>();
        for (ModelInterface each : interfaces) {
            boolean inside = each.x() >= 0 && each.x() < each.y() && each.y() < layers.size();
            if (!inside || !joins(each) || !names.add(each.name())) {
                throw new IllegalArgumentException(
                        "baseline: interfaces x->y, each once, with the windows of layer x before"
                                + " layer y expected, found "
                                + each.name()
                                + " between layers "
                                + each.x()
                                + " and "
                                + each.y()
                                + " of "
                                + layers.size());
            }
        }
    }

    private boolean joins(ModelInterface each) {
        LayerBaseline x = layers.get(each.x());
        LayerBaseline y = layers.get(each.y());
        InterfaceBaseline certificate = each.certificate();
        return certificate.windowX().id().equals(x.window().id())
                && certificate.windowY().id().equals(y.window().id())
                && certificate.name().equals(ModelInterface.name(x.name(), y.name()));
    }

    /** Returns the content address: SHA-256 of {@link #toBytes} in lower-case hex. */
    public String id() {
        return id;
    }

    /** Returns the model. */
    public String model() {
        return model;
    }

    /** Returns the model's version. */
    public String version() {
        return version;
    }

    /** Returns the digest of the weights. */
    public String digest() {
        return digest;
    }

    /** Returns the schema of the rows behind it, {@link #SCHEMA_VERSION} if written today. */
    public int schemaVersion() {
        return schemaVersion;
    }

    /** Returns the layers in the order of the chain. */
    public List<LayerBaseline> layers() {
        return layers;
    }

    /** Returns the interfaces in the order of the chain. */
    public List<ModelInterface> interfaces() {
        return interfaces;
    }

    /** Returns the detector of single samples, if one was calibrated. */
    public Optional<Detector> detector() {
        return Optional.ofNullable(detector);
    }

    /** Returns the reference rows behind it. */
    public Provenance provenance() {
        return provenance;
    }

    /** Returns why this baseline does not judge a model, or empty if it does. */
    public Optional<String> mismatch(String otherModel, String otherVersion, String otherDigest) {
        if (schemaVersion != SCHEMA_VERSION) {
            return Optional.of(
                    different("schema version", schemaVersion, Integer.valueOf(SCHEMA_VERSION)));
        }
        if (!model.equals(otherModel)) {
            return Optional.of(different("model", model, otherModel));
        }
        if (!version.equals(otherVersion)) {
            return Optional.of(different("version of model " + model, version, otherVersion));
        }
        return digest.equals(otherDigest)
                ? Optional.empty()
                : Optional.of(different("digest of " + model + " " + version, digest, otherDigest));
    }

    /**
     * Returns why this baseline does not judge a layer of a model, or empty if it does or does not
     * know the layer: what was not calibrated is not certified.
     *
     * @param columns width of the layer's rows
     */
    public Optional<String> mismatch(
            String otherModel, String otherVersion, String otherDigest, String layer, int columns) {
        Optional<String> reason = mismatch(otherModel, otherVersion, otherDigest);
        if (reason.isPresent()) {
            return reason;
        }
        for (LayerBaseline each : layers) {
            if (each.name().equals(layer) && each.columns() != columns) {
                return Optional.of(different("columns of layer " + layer, each.columns(), columns));
            }
        }
        return Optional.empty();
    }

    /**
     * Returns why this baseline does not judge rows of a layer that were tapped elsewhere, or empty
     * if it does: who says nothing about the tap contradicts nobody.
     *
     * @param layer a layer's name
     * @param tap what the snapshot says that the rows are; null for nothing
     */
    public Optional<String> tapMismatch(String layer, String tap) {
        for (LayerBaseline each : layers) {
            if (each.name().equals(layer)
                    && each.tap() != null
                    && tap != null
                    && !tap.equals(each.tap())) {
                return Optional.of(different("tap of layer " + layer, each.tap(), tap));
            }
        }
        return Optional.empty();
    }

    private String different(String what, Object own, Object found) {
        return "baseline " + id + ": " + what + " " + own + " expected, found " + found;
    }

    /** Returns the canonical binary form. */
    public byte[] toBytes() {
        return BaselineCodec.encode(this);
    }

    /**
     * Reads what {@link #toBytes} wrote, of any schema version.
     *
     * @throws BaselineFormatException if the bytes are anything else
     */
    public static ModelBaseline fromBytes(byte[] bytes) {
        return BaselineCodec.decode(bytes);
    }
}
