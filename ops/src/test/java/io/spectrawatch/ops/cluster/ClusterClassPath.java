package io.spectrawatch.ops.cluster;

import io.spectrawatch.ops.process.ChildJvm;
import io.spectrawatch.ops.process.ClassPath;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses from this JVM's class path what the JVMs of a Flink cluster start with, as Flink's own
 * {@code lib} folder would hold it: Flink and what it stands on, logging, and every library with
 * native code. The jobs and their Kafka client come with the job jar.
 */
final class ClusterClassPath {

    /** Beginnings of file names. */
    private static final List<String> CHOSEN =
            List.of(
                    "flink-annotations-",
                    "flink-clients-",
                    "flink-connector-base-",
                    "flink-connector-datagen-",
                    "flink-core-",
                    "flink-datastream-",
                    "flink-file-sink-common-",
                    "flink-hadoop-fs-",
                    "flink-metrics-core-",
                    "flink-queryable-state-client-java-",
                    "flink-rpc-",
                    "flink-runtime-",
                    "flink-shaded-",
                    "flink-streaming-java-",
                    // what Flink stands on
                    "commons-cli-",
                    "commons-collections-",
                    "commons-compress-",
                    "commons-io-",
                    "commons-lang3-",
                    "commons-math3-",
                    "commons-text-",
                    "javassist-",
                    "jsr305-",
                    "kryo-",
                    "minlog-",
                    "objenesis-",
                    "reflectasm-",
                    "RoaringBitmap-",
                    "snakeyaml-engine-",
                    "async-profiler-",
                    // logging
                    "log4j-",
                    "slf4j-api-",
                    // native code: one class loader per JVM
                    "javacpp-",
                    "lz4-java-",
                    "onnxruntime_gpu-",
                    "openblas-",
                    "snappy-java-",
                    "zstd-jni-");

    private ClusterClassPath() {}

    /** In the order of this JVM's class path, with this module first. */
    static List<Path> entries() {
        List<Path> entries = new ArrayList<>();
        entries.add(ownModule());
        ClassPath.entries().stream().filter(ClusterClassPath::isChosen).forEach(entries::add);
        return entries;
    }

    private static boolean isChosen(Path entry) {
        String name = entry.getFileName().toString();
        return CHOSEN.stream().anyMatch(name::startsWith);
    }

    /** The main class of child JVMs and the logging settings are in it. */
    private static Path ownModule() {
        try {
            return Path.of(
                    ChildJvm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("this module's own place is no file", e);
        }
    }
}
