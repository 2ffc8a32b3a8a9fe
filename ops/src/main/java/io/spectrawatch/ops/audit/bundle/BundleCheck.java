package io.spectrawatch.ops.audit.bundle;

import io.spectrawatch.ops.audit.compare.CutRules;
import io.spectrawatch.ops.audit.compare.ReplayComparison;
import io.spectrawatch.ops.audit.record.Entries;
import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.rule.ReplayVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Checks a bundle without Kafka: its sums, its container files, and that comparing them again gives
 * what its manifest says.
 *
 * @param problems what does not hold, in words; empty for a bundle in order
 * @param verdict the verdict of the comparison made again; null where the files cannot be read
 */
public record BundleCheck(ReplayVerdict verdict, int records, List<String> problems) {

    /** Checks the bundle in a folder. */
    public static BundleCheck of(Path folder) throws IOException {
        List<String> problems = new ArrayList<>();
        for (String name : Bundle.FILES) {
            if (!Files.isReadable(folder.resolve(name))) {
                problems.add(name + " is missing");
            }
        }
        if (!Files.isReadable(folder.resolve(Bundle.SUMS))) {
            problems.add(Bundle.SUMS + " is missing");
        }
        if (!problems.isEmpty()) {
            return new BundleCheck(null, 0, problems);
        }
        checkSums(folder, problems);
        try {
            return compare(folder, problems);
        } catch (IOException | RuntimeException e) {
            // Broken containers fail in many ways; all of them mean the same here.
            problems.add("cannot be read: " + e.getMessage());
            return new BundleCheck(null, 0, problems);
        }
    }

    private static void checkSums(Path folder, List<String> problems) throws IOException {
        Map<String, String> expected = byFile(Files.readString(folder.resolve(Bundle.SUMS)));
        Map<String, String> found = byFile(Bundle.sums(folder));
        found.forEach(
                (name, sum) -> {
                    if (!sum.equals(expected.get(name))) {
                        problems.add(
                                name
                                        + ": SHA-256 "
                                        + expected.get(name)
                                        + " expected, found "
                                        + sum);
                    }
                });
        if (!expected.keySet().equals(found.keySet())) {
            problems.add(Bundle.SUMS + " names " + expected.keySet());
        }
    }

    private static Map<String, String> byFile(String sums) {
        Map<String, String> byFile = new TreeMap<>();
        sums.lines()
                .filter(line -> line.length() > 66)
                .forEach(line -> byFile.put(line.substring(66), line.substring(0, 64)));
        return byFile;
    }

    private static BundleCheck compare(Path folder, List<String> problems) throws IOException {
        BundleManifest manifest = Bundle.manifest(folder);
        if (manifest.format() != BundleManifest.FORMAT) {
            problems.add(
                    "format " + BundleManifest.FORMAT + " expected, found " + manifest.format());
            return new BundleCheck(null, 0, problems);
        }
        List<Entry> recorded = Entries.of(Bundle.records(folder.resolve(Bundle.RECORDED)));
        List<Entry> recomputed = Entries.of(Bundle.records(folder.resolve(Bundle.RECOMPUTED)));
        boolean complete = manifest.missing().isEmpty();
        ReplayComparison comparison =
                ReplayComparison.of(
                        recorded, recomputed, manifest.baseline() != null, manifest.reach());
        if (manifest.cut() != null) {
            comparison = CutRules.apply(comparison, manifest.cut(), recorded, recomputed);
        }
        ReplayVerdict compared = comparison.verdict();
        ReplayVerdict verdict = complete ? compared : compared.worse(ReplayVerdict.INCOMPLETE);
        require("verdict", manifest.verdict(), verdict, problems);
        require("counts", manifest.counts(), comparison.counts(), problems);
        require("recordedRecords", manifest.recordedRecords(), recorded.size(), problems);
        require("recomputedRecords", manifest.recomputedRecords(), recomputed.size(), problems);
        require(
                "recordedChain",
                manifest.recordedChain(),
                BundleManifest.chain(recorded),
                problems);
        require(
                "recomputedChain",
                manifest.recomputedChain(),
                BundleManifest.chain(recomputed),
                problems);
        return new BundleCheck(verdict, recorded.size(), problems);
    }

    private static void require(String what, Object stated, Object found, List<String> problems) {
        if (!Objects.equals(stated, found)) {
            problems.add(
                    Bundle.MANIFEST
                            + ": "
                            + what
                            + " says "
                            + stated
                            + ", the records give "
                            + found);
        }
    }
}
