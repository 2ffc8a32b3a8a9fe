package io.spectrawatch.ops;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds the order within the modules: packages that are roles, and no more public than is used. */
class PackagesTest {

    private static final int MOST_CLASSES = 30;

    /** Written by Avro's compiler. */
    private static final String GENERATED = "io.spectrawatch.schemas";

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(place -> !place.contains("-tests.jar"))
                    .importPackages("io.spectrawatch");

    private static final SliceAssignment PACKAGES =
            new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    return SliceIdentifier.of(type.getPackageName());
                }

                @Override
                public String getDescription() {
                    return "packages";
                }
            };

    /** Whose constants others use, which leaves no trace in class files. */
    private static final Set<String> CONSTANTS =
            Set.of(
                    "io.spectrawatch.ingest.check.CaptureWindow",
                    "io.spectrawatch.ingest.topology.ShardProcessor");

    /** What one test of its module goes through together with other packages. */
    private static final Set<String> TESTED_TOGETHER =
            Set.of(
                    "io.spectrawatch.flink.monitor.attack.AttackRecords",
                    "io.spectrawatch.ingest.check.Remedy",
                    "io.spectrawatch.ingest.service.StreamsProperties",
                    "io.spectrawatch.ops.audit.bundle.Html",
                    "io.spectrawatch.ops.audit.record.Outputs",
                    "io.spectrawatch.ops.evaluate.FeatureExtractor",
                    "io.spectrawatch.ops.study.ModelMoments",
                    "io.spectrawatch.flink.calibrate.moment.MomentsSummary",
                    "io.spectrawatch.flink.calibrate.moment.ShardProgress",
                    "io.spectrawatch.flink.calibrate.window.LayerSummary",
                    "io.spectrawatch.flink.monitor.admission.LayerPlan",
                    "io.spectrawatch.flink.monitor.attack.ModelSurges",
                    "io.spectrawatch.flink.monitor.attack.SurgeBeats",
                    "io.spectrawatch.flink.monitor.certify.InterfacePool",
                    "io.spectrawatch.flink.monitor.shard.OpenLayer",
                    "io.spectrawatch.flink.monitor.shard.OpenModel",
                    "io.spectrawatch.flink.monitor.shard.Shard",
                    "io.spectrawatch.ingest.model.ClaimedModels");

    /** What the modules are to those who use them as libraries. */
    private static final Set<String> DOORS =
            Set.of(
                    "io.spectrawatch.spectral.RowSketch",
                    "io.spectrawatch.spectral.sketch.SketchSizing");

    private static List<JavaClass> topLevel() {
        return CLASSES.stream()
                .filter(each -> each.getEnclosingClass().isEmpty())
                .filter(each -> !each.getSimpleName().equals("package-info"))
                .filter(each -> !each.getPackageName().equals(GENERATED))
                .toList();
    }

    @Test
    void packagesDependOnEachOtherInOneDirection() {
        slices().assignedFrom(PACKAGES).should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void noPackageIsAHall() {
        Map<String, Long> large =
                new TreeMap<>(
                        topLevel().stream()
                                .collect(groupingBy(JavaClass::getPackageName, counting())));
        large.values().removeIf(count -> count <= MOST_CLASSES);

        assertEquals(Map.of(), large);
    }

    @Test
    void aNameStandsForOneClass() {
        Map<String, Long> names =
                new TreeMap<>(
                        topLevel().stream()
                                .collect(groupingBy(JavaClass::getSimpleName, counting())));
        names.values().removeIf(count -> count == 1);

        assertEquals(Map.of(), names);
    }

    /** Used by another package, or seen through something that is; errors are part of what is. */
    @Test
    void nothingIsPublicThatNobodyElseUses() {
        Set<String> unused = new TreeSet<>();
        for (JavaClass each : topLevel()) {
            if (each.getModifiers().contains(JavaModifier.PUBLIC)
                    && !isUsedElsewhere(each)
                    && !isSeenThroughOthers(each)
                    && !each.isAssignableTo(Throwable.class)
                    && !CONSTANTS.contains(each.getName())
                    && !TESTED_TOGETHER.contains(each.getName())
                    && !DOORS.contains(each.getName())
                    && !isStarted(each)) {
                unused.add(each.getName());
            }
        }
        assertEquals(Set.of(), unused);
    }

    /** By itself or by a class within it. */
    private static boolean isUsedElsewhere(JavaClass type) {
        return CLASSES.stream()
                .filter(
                        each ->
                                each.equals(type)
                                        || each.getName().startsWith(type.getName() + "$"))
                .flatMap(each -> each.getDirectDependenciesToSelf().stream())
                .map(each -> each.getOriginClass().getPackageName())
                .anyMatch(each -> !each.equals(type.getPackageName()));
    }

    /** Whether a public method of a public class of its package takes, returns or throws it. */
    private static boolean isSeenThroughOthers(JavaClass type) {
        return type.getDirectDependenciesToSelf().stream()
                .map(each -> each.getOriginClass())
                .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(each -> each.getCodeUnits().stream())
                .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
                .anyMatch(
                        each ->
                                each.getReturnType().getAllInvolvedRawTypes().contains(type)
                                        || each.getParameterTypes().stream()
                                                .anyMatch(
                                                        parameter ->
                                                                parameter
                                                                        .getAllInvolvedRawTypes()
                                                                        .contains(type)));
    }

    /** Whether a launcher names it. */
    private static boolean isStarted(JavaClass type) {
        return type.tryGetMethod("main", String[].class).isPresent();
    }
}
