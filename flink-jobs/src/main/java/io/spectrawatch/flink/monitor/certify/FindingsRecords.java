package io.spectrawatch.flink.monitor.certify;

import io.spectrawatch.schemas.BindingTest;
import io.spectrawatch.schemas.BlockEnergies;
import io.spectrawatch.schemas.CertificateFindings;
import io.spectrawatch.schemas.ElementChange;
import io.spectrawatch.schemas.ErrorTerms;
import io.spectrawatch.schemas.ExponentInterval;
import io.spectrawatch.schemas.Interval;
import io.spectrawatch.schemas.MarginConsumption;
import io.spectrawatch.schemas.Movement;
import io.spectrawatch.schemas.SpectrumChart;
import io.spectrawatch.spectral.certificate.ErrorBudget;
import io.spectrawatch.spectral.certificate.InterfaceBaseline;
import io.spectrawatch.spectral.certificate.InterfaceCertificate.Findings;
import io.spectrawatch.spectral.certificate.findings.LayerChart;
import io.spectrawatch.spectral.certificate.findings.LayerFindings;
import io.spectrawatch.spectral.certificate.structure.ElementComparison;
import io.spectrawatch.spectral.certificate.structure.EnergyGrid;
import io.spectrawatch.spectral.certificate.structure.Mask;
import io.spectrawatch.spectral.certificate.structure.Radius;
import io.spectrawatch.spectral.certificate.structure.RowLabels;
import io.spectrawatch.spectral.certificate.structure.Structure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Turns the findings of a certificate into their record. */
final class FindingsRecords {

    private FindingsRecords() {}

    static CertificateFindings of(
            InterfaceBaseline baseline, Findings findings, String layerX, String layerY) {
        CertificateFindings.Builder record = CertificateFindings.newBuilder();
        addClaim(record, baseline, findings);
        addComparison(record, baseline, findings);
        addStructure(record, findings.structure(), findings.budget().total());
        addNorms(record, findings);
        addLabels(record, findings);
        record.setBlocks(blocks(baseline.structure(), findings.structure()));
        return record.setDriftScore(findings.driftScore())
                .setSpectrumScore(findings.spectrumScore())
                .setMovement(movement(findings.movement()))
                .setMovementLevels(movement(baseline.levels()))
                .setAttribution(findings.attribution().name())
                .setCharts(
                        Stream.of(chart(layerX, findings.x()), chart(layerY, findings.y()))
                                .filter(Objects::nonNull)
                                .toList())
                .build();
    }

    private static void addClaim(
            CertificateFindings.Builder record, InterfaceBaseline baseline, Findings findings) {
        Radius radius = findings.radius();
        record.setMode(baseline.options().mode().name())
                .setScope(baseline.options().scope().name())
                .setGroups(findings.structure().groups())
                .setColumns(findings.structure().columns())
                .setRadius(finite(radius.value()))
                .setBindingTest(
                        new BindingTest(
                                radius.test().name(),
                                radius.group(),
                                radius.other(),
                                radius.column()))
                .setReferenceRadius(baseline.strictRadius())
                .setEpsilon(terms(findings.budget()))
                .setReferenceEpsilon(terms(baseline.budget()))
                .setSamplingSpread(findings.samplingSpread())
                .setEscapeX(findings.escapeX())
                .setEscapeY(findings.escapeY());
    }

    private static void addComparison(
            CertificateFindings.Builder record, InterfaceBaseline baseline, Findings findings) {
        ElementComparison comparison = findings.comparison();
        ElementComparison.Consumption consumption = comparison.consumption();
        List<ElementChange> changes = new ArrayList<>();
        for (ElementComparison.Change change : comparison.changes()) {
            changes.add(
                    new ElementChange(
                            change.kind().name(),
                            change.group(),
                            change.other(),
                            change.column(),
                            change.present(),
                            change.margin()));
        }
        record.setSame(comparison.same())
                .setChanged(comparison.changed())
                .setUnresolved(comparison.unresolved())
                .setUncertified(comparison.uncertified())
                .setResolvedRatio(comparison.resolvedShare())
                .setChanges(changes)
                .setUtilisation(comparison.utilisation())
                .setUtilisationUpper(comparison.utilisationUpper())
                .setMarginConsumption(
                        new MarginConsumption(
                                consumption.mean(),
                                consumption.topDecile(),
                                consumption.largest(),
                                consumption.group(),
                                consumption.column(),
                                findings.budget().total() / baseline.radius().value()));
    }

    private static void addStructure(
            CertificateFindings.Builder record, Structure structure, double error) {
        int groups = structure.groups();
        List<List<Integer>> supports = new ArrayList<>();
        List<List<Integer>> unresolved = new ArrayList<>();
        List<Integer> edges = new ArrayList<>();
        List<Integer> unresolvedEdges = new ArrayList<>();
        for (int a = 0; a < groups; a++) {
            int group = a;
            supports.add(list(structure.support(a)));
            unresolved.add(
                    where(structure.columns(), j -> structure.activityMargin(group, j) <= error));
            for (int b = a + 1; b < groups; b++) {
                if (structure.edge(a, b)) {
                    edges.addAll(List.of(a, b));
                }
                if (structure.edgeMargin(a, b) <= error) {
                    unresolvedEdges.addAll(List.of(a, b));
                }
            }
        }
        record.setSupports(supports)
                .setUnresolvedColumns(unresolved)
                .setEdges(edges)
                .setUnresolvedEdges(unresolvedEdges)
                .setComponents(list(structure.components()))
                .setHubs(list(structure.hubs()))
                .setHubDegree(structure.rule().hubDegree());
    }

    /** Every term of the budget bounds the Frobenius norm too, as the moments are exact. */
    private static void addNorms(CertificateFindings.Builder record, Findings findings) {
        Structure structure = findings.structure();
        double error = findings.budget().total();
        record.setCore(norm("core", structure.energy(Mask.CORE), error))
                .setOverlap(norm("overlap", structure.energy(Mask.OVERLAP), error))
                .setNoise(norm("noise", structure.energy(Mask.NOISE), error))
                .setNoiseRatio(findings.noiseCap().ratio())
                .setNoiseCap(findings.noiseCap().beta())
                .setNoiseRadius(findings.noiseCap().radius())
                .setNoiseCertified(findings.noiseCertified());
    }

    private static Interval norm(String name, double square, double error) {
        double value = Math.sqrt(square);
        return new Interval(name, Math.max(value - error, 0), value, value + error);
    }

    private static void addLabels(CertificateFindings.Builder record, Findings findings) {
        RowLabels labels = findings.labels();
        StringBuilder letters = new StringBuilder(labels.rows());
        for (int i = 0; i < labels.rows(); i++) {
            boolean resolved = labels.margin(i) > findings.budget().total();
            letters.append(resolved ? labels.label(i).name().charAt(0) : '?');
        }
        record.setRowLabels(letters.toString()).setLabelRadius(finite(labels.radius()));
    }

    private static BlockEnergies blocks(Structure reference, Structure structure) {
        EnergyGrid now = EnergyGrid.of(structure);
        return new BlockEnergies(
                now.firstGroups(),
                now.firstColumns(),
                now.energies(),
                EnergyGrid.of(reference).energies());
    }

    /** Returns the chart of a layer, null if no energy is inside its window. */
    static SpectrumChart chart(String layer, LayerFindings findings) {
        LayerChart chart = findings.chart();
        if (chart == null) {
            return null;
        }
        double[] sines = findings.rotation() == null ? new double[0] : findings.rotation().sines();
        return new SpectrumChart(
                layer,
                chart.ranks(),
                new ExponentInterval(
                        finite(chart.exponent().lower()),
                        chart.exponent().estimate(),
                        finite(chart.exponent().upper())),
                new Interval(
                        "effective_rank",
                        chart.effectiveRank().lower(),
                        chart.effectiveRank().estimate(),
                        chart.effectiveRank().upper()),
                chart.kolmogorovSmirnov(),
                chart.hellinger(),
                Arrays.stream(sines).boxed().toList(),
                findings.rotationError());
    }

    private static ErrorTerms terms(ErrorBudget budget) {
        return new ErrorTerms(
                budget.sketch(),
                budget.truncation(),
                budget.roundoff(),
                budget.sampling(),
                budget.total());
    }

    private static Movement movement(io.spectrawatch.spectral.certificate.Movement movement) {
        return new Movement(
                movement.transport(),
                movement.mapKnown() ? movement.map() : null,
                movement.input(),
                movement.output());
    }

    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    private static List<Integer> where(int count, IntPredicate test) {
        return IntStream.range(0, count).filter(test).boxed().toList();
    }
}
