package io.spectrawatch.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is submitted to a Flink cluster, and what has to be there before. */
class JobJarTest {

    /** Where a cluster has its own; a second copy would be another class, or a second library. */
    private static final List<String> CLUSTERS_OWN =
            List.of(
                    // native code: one class loader per JVM
                    "ai/onnxruntime/",
                    "org/bytedeco/",
                    "com/github/luben/zstd/",
                    "org/xerial/snappy/",
                    "net/jpountz/",
                    // the broker
                    "kafka/",
                    "scala/",
                    "org/apache/kafka/server/log",
                    "org/apache/kafka/storage/",
                    "org/apache/kafka/image/",
                    "org/apache/kafka/controller/",
                    // ingest's
                    "org/apache/kafka/streams/",
                    // logging
                    "org/slf4j/",
                    "org/apache/logging/");

    private static final String FLINK = "flink-";

    @Test
    void itHoldsTheJobsAndTheirKafkaClient() throws IOException {
        Set<String> classes = names(JobJar.find(), ".class");
        for (String needed :
                List.of(
                        "io/spectrawatch/flink/monitor/MonitorJob.class",
                        "io/spectrawatch/schemas/Wire.class",
                        "io/spectrawatch/spectral/sketch/Sketches.class",
                        "org/apache/flink/connector/kafka/sink/KafkaSink.class",
                        "org/apache/kafka/clients/consumer/KafkaConsumer.class",
                        "org/apache/avro/Schema.class")) {
            assertTrue(classes.contains(needed), needed);
        }
    }

    @Test
    void itHoldsNothingThatIsTheClusters() throws IOException {
        Set<String> classes = names(JobJar.find(), ".class");
        assertEquals(
                List.of(),
                classes.stream()
                        .filter(name -> CLUSTERS_OWN.stream().anyMatch(name::startsWith))
                        .toList());
        assertEquals(Set.of(), names(JobJar.find(), ".so"));
        for (Path entry : ClusterClassPath.entries()) {
            if (entry.getFileName().toString().startsWith(FLINK)) {
                Set<String> twice = names(entry, ".class");
                twice.retainAll(classes);
                assertEquals(Set.of(), twice, entry.toString());
            }
        }
    }

    @Test
    void theClustersClassPathHoldsNativeLibrariesAndNoJob() {
        List<String> entries =
                ClusterClassPath.entries().stream()
                        .map(Path::getFileName)
                        .map(Path::toString)
                        .toList();
        for (String needed :
                List.of(
                        "flink-runtime-",
                        "flink-connector-base-",
                        "onnxruntime_gpu-",
                        "openblas-",
                        "javacpp-",
                        "zstd-jni-",
                        "log4j-slf4j-impl-")) {
            assertTrue(entries.stream().anyMatch(e -> e.startsWith(needed)), needed);
        }
        for (String stranger :
                List.of("flink-jobs", "flink-connector-kafka", "kafka", "schemas", "spectral")) {
            assertTrue(entries.stream().noneMatch(e -> e.startsWith(stranger)), stranger);
        }
    }

    private static Set<String> names(Path file, String ending) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(ending))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
