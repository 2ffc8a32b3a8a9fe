package io.spectrawatch.ops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URL;
import org.junit.jupiter.api.Test;

/** Holds the arrows between the modules: who may depend on whom, and on which libraries. */
class LayeringTest {

    private static final String ROOT = "io.spectrawatch.";
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(place -> !place.contains("-tests.jar"))
                    .importPackages("io.spectrawatch");

    @Test
    void schemasKnowAvroAndTheirFetchingKafkasClients() {
        onlyDependsOn("schemas", "org.apache.avro..", "org.apache.kafka..");
        noClasses()
                .that()
                .resideInAPackage(ROOT + "schemas")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void spectralCoreKnowsNumericLibrariesOnly() {
        onlyDependsOn("spectral", "ai.onnxruntime..", "org.bytedeco..", "org.slf4j..");
    }

    @Test
    void ingestTakesOnlyTensorsGraphsAndFilesFromSpectralCore() {
        onlyDependsOn(
                "ingest",
                ROOT + "schemas..",
                ROOT + "spectral.tensor..",
                ROOT + "spectral.onnx..",
                ROOT + "spectral.numpy..",
                ROOT + "spectral.binary..",
                ROOT + "spectral.text..",
                ROOT + "spectral.basis..",
                "org.apache.kafka..",
                "org.apache.avro..",
                "io.prometheus..",
                "ai.onnxruntime..",
                "ai.djl..",
                "org.slf4j..");
    }

    @Test
    void flinkJobsKnowNothingOfIngestAndOps() {
        onlyDependsOn(
                "flink",
                ROOT + "schemas..",
                ROOT + "spectral..",
                "org.apache.flink..",
                "org.apache.kafka..",
                "org.apache.avro..",
                "org.slf4j..",
                // What the machine has, for the memory budget.
                "com.sun.management..");
    }

    @Test
    void nothingDependsOnOps() {
        ArchRule rule =
                noClasses()
                        .that()
                        .resideOutsideOfPackage(ROOT + "ops..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(ROOT + "ops..");
        rule.check(CLASSES);
    }

    /** Data from topics, files and the network is never turned into arbitrary objects. */
    @Test
    void nothingIsDeserialisedByJavaOrByClassNames() {
        noClasses()
                .that()
                .resideInAPackage("io.spectrawatch..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.beans.XMLDecoder")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.apache.flink.util.InstantiationUtil")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "com.esotericsoftware.kryo..",
                        "javax.script..",
                        "org.apache.avro.reflect..",
                        "com.fasterxml.jackson.databind.jsontype..")
                .check(CLASSES);
    }

    /**
     * Brokers are reached by Kafka's clients, Flink clusters by {@code RestClient}, a collector by
     * OpenTelemetry's exporter. Beside these {@code DemoLife} asks the demo's own exporter, {@code
     * PythonServer} the server that the demo started, {@code EmbeddedBroker} whether it listens,
     * and {@code NativeFolder} reads from the class path.
     */
    @Test
    void ourOwnCodeOpensNoConnectionElsewhere() {
        noClasses()
                .that()
                .haveNameNotMatching(
                        ".*\\.(RestClient|DemoLife|PythonServer|EmbeddedBroker|NativeFolder)")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\.(Socket|DatagramSocket|URLConnection)")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.nio\\.channels\\.\\w*(Socket|Datagram)Channel")
                .orShould()
                .callMethod(URL.class, "openStream")
                .orShould()
                .callMethod(URL.class, "openConnection")
                .check(CLASSES);
    }

    private static void onlyDependsOn(String module, String... allowed) {
        String own = ROOT + module + "..";
        String[] all = new String[allowed.length + 2];
        System.arraycopy(allowed, 0, all, 2, allowed.length);
        all[0] = own;
        all[1] = "java..";
        classes()
                .that()
                .resideInAPackage(own)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(all)
                .check(CLASSES);
    }
}
