package io.spectrawatch.ops.evaluate;

import io.spectrawatch.spectral.detect.combine.SampleVerdict;
import io.spectrawatch.spectral.detect.combine.Scored;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes every sample that was scored as a line of comma-separated values (RFC 4180): the set, its
 * place there, the class answered and the one favoured, p, the combined statistic, the kind it
 * would have as an alert, the loudest score, then every score as it is.
 */
final class ScoresFile implements AutoCloseable {
    private final BufferedWriter out;
    private List<String> names;

    ScoresFile(Path file) throws IOException {
        this.out = Files.newBufferedWriter(file);
    }

    /** Writes the samples of a set. */
    void write(String set, Scored scored) throws IOException {
        Map<String, double[]> scores = scored.scores();
        if (names == null) {
            names = new ArrayList<>(scores.keySet());
            out.write("set,sample,predicted,favoured,p,combined,kind,loudest");
            for (String name : names) {
                out.write("," + quoted(name));
            }
            out.write("\r\n");
        }
        for (int i = 0; i < scored.samples(); i++) {
            SampleVerdict verdict = scored.verdict(i);
            StringBuilder line = new StringBuilder(quoted(set));
            line.append(',').append(i).append(',').append(verdict.predicted());
            line.append(',').append(verdict.favoured()).append(',').append(verdict.p());
            line.append(',').append(verdict.statistic()).append(',').append(verdict.kind());
            line.append(',').append(quoted(verdict.loudest()));
            for (String name : names) {
                line.append(',').append(scores.get(name)[i]);
            }
            out.write(line.append("\r\n").toString());
        }
    }

    private static String quoted(String text) {
        return text.matches("[^,\"\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
