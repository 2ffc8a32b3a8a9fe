package io.spectrawatch.ops.cli;

import io.spectrawatch.ops.audit.bundle.BuildInfo;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.IVersionProvider;

/** Names this build and the libraries its numbers and guarantees depend on. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Map<String, String> build = BuildInfo.versions();
        return new String[] {
            "spectrawatch " + build.get("spectrawatch") + ", revision " + build.get("revision"),
            "Flink "
                    + build.get("flink")
                    + ", Kafka "
                    + build.get("kafka")
                    + ", ONNX Runtime "
                    + build.get("onnxruntime")
                    + ", OpenBLAS "
                    + build.get("openblas"),
            "Java " + build.get("java")
        };
    }
}
