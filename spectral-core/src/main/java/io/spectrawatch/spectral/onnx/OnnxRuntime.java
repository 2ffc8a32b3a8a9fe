package io.spectrawatch.spectral.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import io.spectrawatch.spectral.natives.NativeFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The one way to ONNX Runtime: refuses to load it with telemetry on, and extracts its libraries
 * once per machine.
 */
public final class OnnxRuntime {
    /** Environment variable that must be 1 before the native library loads. */
    public static final String TELEMETRY_SWITCH = "ORT_DISABLE_TELEMETRY";

    private static final String NATIVE_PATH = "onnxruntime.native.path";
    private static final String RESOURCES = "ai/onnxruntime/native/linux-x64/";
    private static final List<String> HOST_LIBRARIES =
            List.of("libonnxruntime.so", "libonnxruntime4j_jni.so");
    private static final List<String> DEVICE_LIBRARIES =
            List.of("libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so");
    private static final List<Path> DEVICE_NODES =
            List.of(Path.of("/dev/nvidia0"), Path.of("/dev/nvidiactl"));

    private OnnxRuntime() {}

    /**
     * Returns the process-wide environment, loading the library on the first call.
     *
     * @throws IllegalStateException if ORT_DISABLE_TELEMETRY is not 1: the library would report to
     *     its vendor, and only the environment can stop it before it loads
     */
    public static synchronized OrtEnvironment environment() {
        String telemetry = System.getenv(TELEMETRY_SWITCH);
        if (!"1".equals(telemetry)) {
            throw new IllegalStateException(
                    "ONNX Runtime: the environment must have "
                            + TELEMETRY_SWITCH
                            + "=1 before the process starts, found "
                            + telemetry
                            + "; it would send telemetry otherwise");
        }
        if (System.getProperty(NATIVE_PATH) == null) {
            System.setProperty(NATIVE_PATH, extract().toString());
        }
        return OrtEnvironment.getEnvironment(
                OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, "spectrawatch");
    }

    /** Returns the version of the library on the class path, without loading it. */
    public static String version() {
        return OrtEnvironment.class.getPackage().getImplementationVersion();
    }

    /**
     * Returns whether the machine has an NVIDIA device node; the 583 MB device library is touched
     * only then.
     */
    public static boolean hasDeviceNode() {
        return DEVICE_NODES.stream().anyMatch(Files::exists);
    }

    private static Path extract() {
        ClassLoader loader = OrtEnvironment.class.getClassLoader();
        Path folder = NativeFolder.path().resolve("onnxruntime-" + version());
        for (String library : HOST_LIBRARIES) {
            NativeFolder.extract(loader, RESOURCES + library, folder.resolve(library));
        }
        if (hasDeviceNode()) {
            for (String library : DEVICE_LIBRARIES) {
                NativeFolder.extract(loader, RESOURCES + library, folder.resolve(library));
            }
        }
        return folder;
    }
}
