package io.spectrawatch.spectral.certificate;

import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.certificate.CertificateOptions.Mode;
import io.spectrawatch.spectral.certificate.CertificateOptions.Scope;
import io.spectrawatch.spectral.certificate.findings.ReferenceLayer;
import io.spectrawatch.spectral.certificate.moments.CertificateForm;
import io.spectrawatch.spectral.certificate.moments.CertificateFormatException;
import io.spectrawatch.spectral.certificate.moments.FrozenWindow;
import io.spectrawatch.spectral.certificate.moments.RowGroups;
import io.spectrawatch.spectral.certificate.structure.CertifiedElements;
import io.spectrawatch.spectral.certificate.structure.StructureRule;
import io.spectrawatch.spectral.certificate.structure.ThresholdOptions;

/**
 * The canonical form of a baseline, little-endian; text is an int32 byte count and UTF-8:
 *
 * <pre>
 *   0  int32  magic "SWIB"
 *   4  uint8  version: 3; 1, or 2 if supports go by rank, where no score is cut off
 *  ..  version 3: uint8 supports (1 THRESHOLD, 2 RANK)
 *   5  text   name, id of the x window, id of the y window
 *  ..  options: uint8 mode (1 PHYSICAL, 2 SOURCE_MODES), uint8 scope (1 WINDOWED, 2 FULL),
 *      fp64 energy share, int32 fewest active, fp64 most active share, fp64 eta, int32 hub degree,
 *      fp64 noise cap, weak row, row angle, int64 minimum rows, fp64 minimum certified,
 *      int64 pool rows, most pool rows, fp64 drift tolerance, spectrum tolerance,
 *      uint8 sampling (0, or 1 and fp64 independent, rows per sample, bound x, bound y, delta)
 *  ..  groups: int32 rows, int32 group[rows] (-1 none)
 *  ..  rule: int32 g, fp64 theta[g], fp64 eta, int32 hub degree; if supports go by rank:
 *      int32 size[g]
 *  ..  certified: int32 columns, bits activities[g][columns], bits edges[g (g - 1) / 2]
 *  ..  reference: int64 rows, fp64 A[k'][k], uint8 map (0, or 1 and fp64 W[k'][k]),
 *      layer x: fp64 energy per row, escape, shift[d], M[k][k]; layer y the same
 *  ..  budget: fp64 sketch, truncation, roundoff, sampling
 *  ..  pooling: int64 rows, fp64 null mean, int32 windows, text refusal,
 *      fp64 spectrum null mean, text spectrum refusal; version 3: fp64 cut, spectrum cut
 *  ..  levels: fp64 transport, map, input, output
 * </pre>
 */
final class InterfaceBaselineCodec {
    private static final int MAGIC = 0x42495753;
    private static final int VERSION = 1;

    /** Another form only where it is needed, so that a baseline keeps its bytes and its id. */
    private static final int RANK_VERSION = 2;

    private static final int CUT_VERSION = 3;

    private InterfaceBaselineCodec() {}

    static byte[] encode(InterfaceBaseline baseline) {
        boolean ranked = baseline.rule().ranked();
        Pooling pooling = baseline.pooling();
        boolean cut = pooling.cut() < 1 || pooling.spectrumCut() < 1;
        int version = ranked ? RANK_VERSION : VERSION;
        ByteWriter out = CertificateForm.writer(MAGIC, cut ? CUT_VERSION : version);
        if (cut) {
            out.int8(ranked ? 2 : 1);
        }
        out.text(baseline.name()).text(baseline.windowX().id()).text(baseline.windowY().id());
        writeOptions(out, baseline.options());
        out.int32(baseline.groups().rows()).int32(baseline.groups().assignment());
        StructureRule rule = baseline.rule();
        out.int32(rule.groups()).fp64(rule.thresholds()).fp64(rule.eta()).int32(rule.hubDegree());
        if (ranked) {
            out.int32(rule.sizes());
        }
        CertifiedElements certified = baseline.certified();
        out.int32(certified.activities().length / rule.groups());
        out.bits(certified.activities()).bits(certified.edges());
        writeReference(out, baseline.reference());
        ErrorBudget budget = baseline.budget();
        out.fp64(budget.sketch()).fp64(budget.truncation());
        out.fp64(budget.roundoff()).fp64(budget.sampling());
        out.int64(pooling.rows()).fp64(pooling.nullMean()).int32(pooling.windows());
        out.text(pooling.refusal());
        out.fp64(pooling.spectrumNullMean()).text(pooling.spectrumRefusal());
        if (cut) {
            out.fp64(pooling.cut()).fp64(pooling.spectrumCut());
        }
        Movement levels = baseline.levels();
        out.fp64(levels.transport()).fp64(levels.map()).fp64(levels.input()).fp64(levels.output());
        return out.toBytes();
    }

    private static void writeOptions(ByteWriter out, CertificateOptions options) {
        out.int8(options.mode() == Mode.PHYSICAL ? 1 : 2);
        out.int8(options.scope() == Scope.WINDOWED ? 1 : 2);
        ThresholdOptions thresholds = options.thresholds();
        out.fp64(thresholds.energyShare()).int32(thresholds.fewestActive());
        out.fp64(thresholds.mostActiveShare()).fp64(thresholds.eta());
        out.int32(thresholds.hubDegree());
        out.fp64(options.noiseCap()).fp64(options.weakRow()).fp64(options.rowAngle());
        out.int64(options.minimumRows()).fp64(options.minimumCertified());
        out.int64(options.poolRows()).int64(options.mostPoolRows());
        out.fp64(options.driftTolerance()).fp64(options.spectrumTolerance());
        SamplingAssumption sampling = options.sampling();
        out.flag(sampling != null);
        if (sampling != null) {
            out.fp64(sampling.independent()).fp64(sampling.rowsPerSample());
            out.fp64(sampling.boundX()).fp64(sampling.boundY()).fp64(sampling.delta());
        }
    }

    private static void writeReference(ByteWriter out, ReferenceTransport reference) {
        out.int64(reference.rows()).fp64(reference.matrix()).flag(reference.map() != null);
        if (reference.map() != null) {
            out.fp64(reference.map());
        }
        reference.x().write(out);
        reference.y().write(out);
    }

    static InterfaceBaseline decode(byte[] bytes, FrozenWindow windowX, FrozenWindow windowY) {
        ByteReader in =
                CertificateForm.reader(
                        "interface baseline", bytes, MAGIC, VERSION, RANK_VERSION, CUT_VERSION);
        try {
            return read(in, windowX, windowY);
        } catch (CertificateFormatException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new CertificateFormatException("interface baseline bytes: " + e.getMessage());
        }
    }

    private static InterfaceBaseline read(
            ByteReader in, FrozenWindow windowX, FrozenWindow windowY) {
        boolean cut = in.version() == CUT_VERSION;
        ThresholdOptions.Supports supports =
                cut
                        ? choice(
                                in,
                                ThresholdOptions.Supports.THRESHOLD,
                                ThresholdOptions.Supports.RANK)
                        : in.version() == RANK_VERSION
                                ? ThresholdOptions.Supports.RANK
                                : ThresholdOptions.Supports.THRESHOLD;
        String name = in.requiredText();
        String idX = in.requiredText();
        String idY = in.requiredText();
        if (!idX.equals(windowX.id()) || !idY.equals(windowY.id())) {
            throw in.bad("windows " + windowX.id() + " and " + windowY.id(), idX + " and " + idY);
        }
        CertificateOptions options = readOptions(in, supports);
        int rows = in.int32("rows", 1, windowY.dimension());
        RowGroups groups = RowGroups.of(in.int32((long) rows));
        int g = in.int32("groups", groups.groups(), groups.groups());
        StructureRule rule = new StructureRule(in.finite(g), in.fp64(), in.int32());
        if (supports == ThresholdOptions.Supports.RANK) {
            rule = rule.ofRanks(in.int32((long) g));
        }
        int columns = InterfaceBaseline.display(windowX, windowY, groups, options).columns();
        in.int32("columns", columns, columns);
        boolean[] activities = in.bits((long) g * columns);
        boolean[] edges = in.bits((long) g * (g - 1) / 2);
        ReferenceTransport reference = readReference(in, windowX, windowY);
        double[] terms = in.finite(4);
        ErrorBudget budget = new ErrorBudget(terms[0], terms[1], terms[2], terms[3]);
        Pooling pooling =
                new Pooling(
                        in.int64(),
                        in.fp64(),
                        in.int32(),
                        in.requiredText(),
                        in.fp64(),
                        in.requiredText(),
                        cut ? in.fp64() : 1,
                        cut ? in.fp64() : 1);
        double[] levels = in.finite(4);
        in.end();
        return new InterfaceBaseline(
                name,
                windowX,
                windowY,
                groups,
                options,
                rule,
                new CertifiedElements(g, columns, activities, edges),
                reference,
                budget,
                pooling,
                new Movement(levels[0], levels[1], levels[2], levels[3]));
    }

    private static CertificateOptions readOptions(
            ByteReader in, ThresholdOptions.Supports supports) {
        CertificateOptions.Builder options =
                CertificateOptions.builder()
                        .mode(choice(in, Mode.PHYSICAL, Mode.SOURCE_MODES))
                        .scope(choice(in, Scope.WINDOWED, Scope.FULL))
                        .thresholds(
                                new ThresholdOptions(
                                        in.fp64(),
                                        in.int32(),
                                        in.fp64(),
                                        in.fp64(),
                                        in.int32(),
                                        supports))
                        .noiseCap(in.fp64())
                        .weakRow(in.fp64())
                        .rowAngle(in.fp64())
                        .minimumRows(in.int64())
                        .minimumCertified(in.fp64())
                        .poolRows(in.int64())
                        .mostPoolRows(in.int64());
        double drift = in.fp64();
        double spectrum = in.fp64();
        if (!(drift > 0 && spectrum > 0)) {
            throw in.bad("positive tolerated means", drift + " and " + spectrum);
        }
        SamplingAssumption sampling =
                in.flag()
                        ? new SamplingAssumption(
                                in.fp64(), in.fp64(), in.fp64(), in.fp64(), in.fp64())
                        : null;
        return options.driftTolerance(drift).spectrumTolerance(spectrum).sampling(sampling).build();
    }

    private static <T> T choice(ByteReader in, T first, T second) {
        int code = in.int8();
        if (code != 1 && code != 2) {
            throw in.bad("a code of 1 or 2", code);
        }
        return code == 1 ? first : second;
    }

    private static ReferenceTransport readReference(
            ByteReader in, FrozenWindow windowX, FrozenWindow windowY) {
        long size = (long) windowX.rank() * windowY.rank();
        long rows = in.int64();
        if (rows < 1) {
            throw in.bad("reference rows from 1", rows);
        }
        double[] matrix = in.finite(size);
        double[] map = in.flag() ? in.finite(size) : null;
        return new ReferenceTransport(
                rows,
                matrix,
                map,
                ReferenceLayer.read(in, windowX),
                ReferenceLayer.read(in, windowY));
    }
}
