package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.binary.Sha256;
import io.spectrawatch.spectral.certificate.findings.ReferenceLayer;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.certificate.structure.CertifiedElements;
import io.spectrawatch.spectral.certificate.structure.Display;
import io.spectrawatch.spectral.certificate.structure.Radius;
import io.spectrawatch.spectral.certificate.structure.Structure;
import io.spectrawatch.spectral.certificate.structure.StructureRule;
import io.spectrawatch.spectral.linalg.Dense;

/**
 * Everything a certificate of one interface compares with: windows, row groups, rule, the reference
 * transport with its map, certified elements, radius, error budget, pooling and null levels.
 * Immutable and content-addressed: {@link #id} is the SHA-256 of the canonical bytes, in which the
 * windows stand by their own ids.
 *
 * <p>GSA-style certificate (our definition). Thresholds, windows and tolerances are never re-tuned
 * on monitored data: a change is a new baseline with a new id.
 */
public final class InterfaceBaseline {
    private final String name;
    private final FrozenWindow windowX;
    private final FrozenWindow windowY;
    private final RowGroups groups;
    private final CertificateOptions options;
    private final StructureRule rule;
    private final CertifiedElements certified;
    private final ReferenceTransport reference;
    private final ErrorBudget budget;
    private final Pooling pooling;
    private final Movement levels;

    private final Display display;
    private final Structure structure;
    private final Radius radius;
    private final double[] spectrumX;
    private final double[] spectrumY;
    private final double[] profiles;
    private final double weakRow;
    private final String id;

    InterfaceBaseline(
            String name,
            FrozenWindow windowX,
            FrozenWindow windowY,
            RowGroups groups,
            CertificateOptions options,
            StructureRule rule,
            CertifiedElements certified,
            ReferenceTransport reference,
            ErrorBudget budget,
            Pooling pooling,
            Movement levels) {
        this.name = name;
        this.windowX = windowX;
        this.windowY = windowY;
        this.groups = groups;
        this.options = options;
        this.rule = rule;
        this.certified = certified;
        this.reference = reference;
        this.budget = budget;
        this.pooling = pooling;
        this.levels = levels;
        this.display = display(windowX, windowY, groups, options);
        this.structure = new Structure(display.energies(reference.matrix()), rule);
        this.radius = structure.radius(certified);
        this.spectrumX = spectrum(windowX, reference.x());
        this.spectrumY = spectrum(windowY, reference.y());
        this.profiles = display.rowCoordinates(reference.matrix());
        this.weakRow =
                options.weakRow() * Dense.norm(profiles) / Math.sqrt(Math.max(groups.rows(), 1));
        this.id = Sha256.hex(toBytes());
    }

    private static double[] spectrum(FrozenWindow window, ReferenceLayer layer) {
        return ReferenceLayer.spectrum(window, layer.moment(), layer.escape());
    }

    static Display display(
            FrozenWindow x, FrozenWindow y, RowGroups groups, CertificateOptions options) {
        return options.mode() == CertificateOptions.Mode.PHYSICAL
                ? Display.physical(x, y, groups)
                : Display.sourceModes(x, y, groups);
    }

    InterfaceBaseline with(CertificateOptions newOptions, Pooling newPooling, Movement newLevels) {
        return new InterfaceBaseline(
                name,
                windowX,
                windowY,
                groups,
                newOptions,
                rule,
                certified,
                reference,
                budget,
                newPooling,
                newLevels);
    }

    /** Returns the content address, 64 hex digits. */
    public String id() {
        return id;
    }

    /** Returns the interface's name. */
    public String name() {
        return name;
    }

    /** Returns the window of the first layer. */
    public FrozenWindow windowX() {
        return windowX;
    }

    /** Returns the window of the second layer. */
    public FrozenWindow windowY() {
        return windowY;
    }

    /** Returns the row groups. */
    public RowGroups groups() {
        return groups;
    }

    /** Returns the options everything was calibrated with; both tolerated means are positive. */
    public CertificateOptions options() {
        return options;
    }

    /** Returns the frozen thresholds. */
    public StructureRule rule() {
        return rule;
    }

    /** Returns the elements the certificate speaks about. */
    public CertifiedElements certified() {
        return certified;
    }

    /** Returns the rows behind the reference. */
    public long rows() {
        return reference.rows();
    }

    /** Returns the reference transport (k' x k). */
    public double[] transport() {
        return reference.matrix().clone();
    }

    /** Returns the reference's structure. */
    public Structure structure() {
        return structure;
    }

    /** Returns the static radius over the certified elements. */
    public Radius radius() {
        return radius;
    }

    /** Returns the radius less the reference's own error: what panes may consume. */
    public double strictRadius() {
        return radius.value() - budget.total();
    }

    /** Returns the reference's error budget. */
    public ErrorBudget budget() {
        return budget;
    }

    /** Returns the pooling that the drift test needs, or why there is none. */
    public Pooling pooling() {
        return pooling;
    }

    /** Returns the movements that the held-back panes stay below. */
    public Movement levels() {
        return levels;
    }

    /** Returns the share of the first layer's reference energy outside its window. */
    public double escapeX() {
        return reference.x().escape();
    }

    /** Returns the share of the second layer's reference energy outside its window. */
    public double escapeY() {
        return reference.y().escape();
    }

    Display display() {
        return display;
    }

    double[] transportValues() {
        return reference.matrix();
    }

    double[] mapValues() {
        return reference.map();
    }

    ReferenceTransport reference() {
        return reference;
    }

    ReferenceLayer referenceX() {
        return reference.x();
    }

    ReferenceLayer referenceY() {
        return reference.y();
    }

    double[] spectrumX() {
        return spectrumX;
    }

    double[] spectrumY() {
        return spectrumY;
    }

    double[] profiles() {
        return profiles;
    }

    /** The energy at or below which a row is weak. */
    double weakRow() {
        return weakRow;
    }

    /** Returns the canonical binary form, without the windows' contents. */
    public byte[] toBytes() {
        return InterfaceBaselineCodec.encode(this);
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws CertificateFormatException if the bytes are anything else or name other windows
     */
    public static InterfaceBaseline fromBytes(
            byte[] bytes, FrozenWindow windowX, FrozenWindow windowY) {
        return InterfaceBaselineCodec.decode(bytes, windowX, windowY);
    }
}
