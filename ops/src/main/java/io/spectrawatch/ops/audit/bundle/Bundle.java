package io.spectrawatch.ops.audit.bundle;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.spectrawatch.ops.audit.record.AuditException;
import io.spectrawatch.ops.audit.record.Bytes;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.schemas.AuditRecord;
import io.spectrawatch.schemas.Wire;
import io.spectrawatch.spectral.binary.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * The files of an audit bundle.
 *
 * <pre>
 * manifest.json      what was asked, configuration, offsets, counts, chains
 * recorded.avro      the recorded records, an Avro container file of AuditRecord
 * recomputed.avro    the recomputed ones
 * report.html        the comparison for people, without any reference outside
 * SHA256SUMS         of the four files, as sha256sum writes and checks it
 * </pre>
 */
public final class Bundle {

    static final String MANIFEST = "manifest.json";
    public static final String RECORDED = "recorded.avro";
    public static final String RECOMPUTED = "recomputed.avro";
    public static final String REPORT = "report.html";
    public static final String SUMS = "SHA256SUMS";

    public static final List<String> FILES = List.of(MANIFEST, RECOMPUTED, RECORDED, REPORT);

    /** Deflate's own default; the codec is named in the file. */
    private static final int COMPRESSION = 6;

    private static final int SYNC_BYTES = 16;

    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private Bundle() {}

    /**
     * Makes sure that a folder can take a bundle, before the work.
     *
     * @throws AuditException if it holds something else
     */
    public static void requireFree(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                List<String> foreign =
                        files.map(file -> file.getFileName().toString())
                                .filter(name -> !FILES.contains(name) && !name.equals(SUMS))
                                .sorted()
                                .toList();
                if (!foreign.isEmpty()) {
                    throw new AuditException(
                            folder + ": an empty folder or a bundle expected, found " + foreign);
                }
            }
        }
        Files.createDirectories(folder);
    }

    /** Writes a bundle over what was in the folder. */
    public static void write(Path folder, BundleContent evidence) throws IOException {
        Files.createDirectories(folder);
        BundleManifest manifest = BundleManifest.of(evidence, BuildInfo.versions());
        Files.writeString(folder.resolve(MANIFEST), JSON.writeValueAsString(manifest) + "\n");
        writeRecords(folder.resolve(RECORDED), evidence.recorded());
        writeRecords(folder.resolve(RECOMPUTED), evidence.recomputed());
        Files.writeString(folder.resolve(REPORT), new ReportPage(evidence, manifest).html());
        Files.writeString(folder.resolve(SUMS), sums(folder));
    }

    public static BundleManifest manifest(Path folder) throws IOException {
        return JSON.readValue(folder.resolve(MANIFEST).toFile(), BundleManifest.class);
    }

    /** The text of SHA256SUMS for the files as they are. */
    static String sums(Path folder) throws IOException {
        StringBuilder sums = new StringBuilder();
        for (String name : FILES) {
            byte[] digest = Sha256.digest().digest(Files.readAllBytes(folder.resolve(name)));
            sums.append(Bytes.hex(digest)).append("  ").append(name).append('\n');
        }
        return sums.toString();
    }

    private static void writeRecords(Path file, List<Entry> entries) throws IOException {
        // Equal content gives equal files: the marker between blocks is no random number.
        byte[] sync =
                Arrays.copyOf(
                        Sha256.digest()
                                .digest(
                                        BundleManifest.chain(entries)
                                                .getBytes(StandardCharsets.UTF_8)),
                        SYNC_BYTES);
        SpecificDatumWriter<AuditRecord> datum = new SpecificDatumWriter<>(AuditRecord.class);
        try (OutputStream out = Files.newOutputStream(file);
                DataFileWriter<AuditRecord> writer = new DataFileWriter<>(datum)) {
            writer.setCodec(CodecFactory.deflateCodec(COMPRESSION));
            writer.create(AuditRecord.getClassSchema(), out, sync);
            for (Entry entry : entries) {
                writer.append(entry.record());
            }
        }
    }

    /**
     * Reads a container file of a bundle.
     *
     * @throws IOException if it is none
     */
    public static List<AuditRecord> records(Path file) throws IOException {
        // Avro reads records only of classes that Wire has named.
        Wire.currentSchemas();
        List<AuditRecord> records = new ArrayList<>();
        SpecificDatumReader<AuditRecord> datum = new SpecificDatumReader<>(AuditRecord.class);
        try (DataFileReader<AuditRecord> reader = new DataFileReader<>(file.toFile(), datum)) {
            while (reader.hasNext()) {
                records.add(reader.next());
            }
        }
        return records;
    }
}
