package io.spectrawatch.schemas;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Every schema that a release has written, so that its records stay readable.
 *
 * <p>The folder {@code history} of the jar holds {@code <name>/<version>.avsc}, each complete in
 * itself, and {@code index.txt} with their paths, one a line. A released file never changes.
 */
final class SchemaHistory {

    private static final String FOLDER = "/history/";

    private SchemaHistory() {}

    /** The released schemas in the order of the index. */
    static List<Schema> released() {
        List<Schema> schemas = new ArrayList<>();
        for (String path : index()) {
            schemas.add(read(path));
        }
        return schemas;
    }

    static List<String> index() {
        try (InputStream in = open("index.txt");
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the schema history's index", e);
        }
    }

    static Schema read(String path) {
        try (InputStream in = open(path)) {
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read released schema " + path, e);
        }
    }

    private static InputStream open(String path) {
        InputStream in = SchemaHistory.class.getResourceAsStream(FOLDER + path);
        if (in == null) {
            throw new IllegalStateException("the jar lacks " + FOLDER + path);
        }
        return in;
    }
}
