package io.spectrawatch.ops.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Names this build and the libraries its numbers and guarantees depend on. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties build = new Properties();
        try (InputStream in =
                Version.class.getResourceAsStream("/spectrawatch-version.properties")) {
            build.load(in);
        }
        return new String[] {
            "spectrawatch "
                    + build.getProperty("version")
                    + ", revision "
                    + build.getProperty("revision"),
            "Flink "
                    + build.getProperty("flink")
                    + ", Kafka "
                    + build.getProperty("kafka")
                    + ", ONNX Runtime "
                    + build.getProperty("onnxruntime")
                    + ", OpenBLAS "
                    + build.getProperty("openblas"),
            "Java " + Runtime.version()
        };
    }
}
