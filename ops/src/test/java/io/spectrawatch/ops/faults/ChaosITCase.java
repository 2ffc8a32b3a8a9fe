package io.spectrawatch.ops.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.spectrawatch.ops.faults.Outputs.Difference;
import io.spectrawatch.ops.faults.Outputs.Output;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.Topics;
import io.spectrawatch.schemas.Wire;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills every part of the pipeline at random moments while snapshots come, and accounts for every
 * record and every published byte afterwards.
 *
 * <p>The numbers of kills are small, and so are panes and load; the profile {@code chaos} has those
 * of the recorded run. The order of the faults and the pauses between them come from the seed;
 * where in its work a process is hit remains chance.
 */
@Timeout(value = 90, unit = TimeUnit.MINUTES)
class ChaosITCase {

    private static final int TASK_MANAGER_KILLS = kills("taskManagerKills");
    private static final int BROKER_KILLS = kills("brokerKills");
    private static final int INGEST_KILLS = kills("ingestKills");
    private static final long LOAD_PAUSE_MILLIS =
            Long.getLong("spectrawatch.chaos.loadPauseMillis", 16);
    private static final int LONGEST_PAUSE_MILLIS = 2000;

    /** Panes that a calibration splits into its reference and its held back panes. */
    private static final int CALIBRATION_PANES = 8;

    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(15);
    private static final Path REPORT = Path.of("target", "chaos-report.json");

    private static final int LAYERS = Synthetic.LAYERS.size();

    /** Kinds of alerts about the model as a whole that its drift has to raise. */
    private static final Set<String> DRIFT = Set.of("STRUCTURE_CHANGED", "INPUT_SHIFT");

    private enum Fault {
        TASK_MANAGER,
        BROKER,
        INGEST
    }

    /** Kept with all logs when the test fails. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(Synthetic.seed());

    @Test
    void noRecordIsLostRepeatedOrInventedWhateverDies() throws Exception {
        try (FaultyStack stack = new FaultyStack(folder)) {
            stack.start();
            Load load =
                    new Load(
                            stack.client(),
                            FaultyStack.PREFIX,
                            FaultyStack.SHARDS,
                            LOAD_PAUSE_MILLIS);
            load.start();
            try (Outputs outputs = new Outputs(stack.client(), FaultyStack.PREFIX)) {
                await(
                        stack,
                        () -> sketches(outputs) >= CALIBRATION_PANES * LAYERS,
                        "no panes to calibrate on");
                stack.calibrate();
                await(
                        stack,
                        () -> count(outputs.poll(), Topics.SCORES) > 0,
                        "the baseline does not come into force");
                List<Fault> faults = faults();
                int calm = faults.size() - Math.max(3, faults.size() / 8);
                for (Fault fault : faults.subList(0, calm)) {
                    strike(stack, fault);
                }
                // Every sample is an alert now, so that not all faults can be after it.
                load.drift();
                for (Fault fault : faults.subList(calm, faults.size())) {
                    strike(stack, fault);
                }
                await(
                        stack,
                        () -> raised(outputs.poll()).containsAll(DRIFT),
                        "no alert of the drift");
                settle(stack, outputs, load.stop());
            }
        }
    }

    private static int kills(String what) {
        return Integer.getInteger("spectrawatch.chaos." + what, 1);
    }

    private List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        faults.addAll(Collections.nCopies(TASK_MANAGER_KILLS, Fault.TASK_MANAGER));
        faults.addAll(Collections.nCopies(BROKER_KILLS, Fault.BROKER));
        faults.addAll(Collections.nCopies(INGEST_KILLS, Fault.INGEST));
        Collections.shuffle(faults, new Random(Synthetic.seed()));
        return faults;
    }

    private void strike(FaultyStack stack, Fault fault) throws Exception {
        Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
        switch (fault) {
            case TASK_MANAGER -> stack.killTaskManager(random);
            case BROKER -> stack.killBroker(random.nextInt(LONGEST_PAUSE_MILLIS));
            case INGEST -> stack.killIngest();
        }
        // Now and then the next one hits before the recovery from this one is complete.
        if (random.nextInt(4) > 0) {
            awaitProgress(stack);
        }
    }

    /** Waits until ingest writes and the job completes checkpoints again. */
    private void awaitProgress(FaultyStack stack) throws Exception {
        long log = logEnd(stack);
        awaitCheckpoints(stack, 2);
        await(stack, () -> logEnd(stack) > log, "ingest does not write");
    }

    private void awaitCheckpoints(FaultyStack stack, int count) throws Exception {
        long before = stack.job().checkpoints();
        await(
                stack,
                () -> stack.job().checkpoints() >= before + count,
                "the job completes no checkpoint");
    }

    private static void await(FaultyStack stack, Callable<Boolean> condition, String failure)
            throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.call()) {
            stack.supervise();
            assertTrue(System.nanoTime() < deadline, () -> failure + "; " + repeat());
            Thread.sleep(200);
        }
    }

    private static long logEnd(FaultyStack stack) {
        return Topic.ends(stack.client(), Topics.VALIDATED, FaultyStack.PREFIX).values().stream()
                .mapToLong(end -> end)
                .sum();
    }

    private void settle(FaultyStack stack, Outputs outputs, long sent) throws Exception {
        await(stack, stack::ingestHasCaughtUp, "ingest does not catch up");
        Accounts accounts =
                new Accounts(stack.client(), FaultyStack.PREFIX, 1000 * FaultyStack.PANE_MILLIS);
        accounts.read();
        await(stack, () -> sketches(outputs) >= accounts.windows(), "panes are missing");
        // What is published beside the sketches becomes visible with a later checkpoint at most.
        awaitCheckpoints(stack, 2);
        long restarts = stack.job().restarts();
        stack.stopIngest();
        List<Output> disturbed = outputs.drain();
        outputs.forget();
        stack.replay(Topic.ends(stack.client(), Topics.VALIDATED, FaultyStack.PREFIX));
        Difference difference = Outputs.difference(outputs.drain(), disturbed);

        Map<String, Object> report = new LinkedHashMap<>();
        report.put("seed", Synthetic.seed());
        report.put("taskManagerKills", TASK_MANAGER_KILLS);
        report.put("brokerKills", BROKER_KILLS);
        report.put("ingestKills", INGEST_KILLS);
        report.put("jobRestarts", restarts);
        report.put("ingestRestarts", stack.ingestRestarts());
        report.put("records", accounts.inputs());
        report.put("parts", accounts.parts());
        report.put("lostParts", accounts.lostParts());
        report.put("duplicatedParts", accounts.duplicatedParts());
        report.put("deadLetters", accounts.deadLetters());
        report.put("windows", accounts.windows());
        report.put("certificates", count(disturbed, Topics.CERTIFICATES));
        report.put("scores", count(disturbed, Topics.SCORES));
        report.put("alerts", count(disturbed, Topics.ALERTS));
        report.put("outputs", disturbed.size());
        report.put("lost", accounts.lost() + difference.lost());
        report.put("duplicated", accounts.duplicated() + difference.duplicated());
        report.put("identical", difference.identical());
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(REPORT.toFile(), report);

        assertEquals(sent, accounts.inputs(), "what was sent and acknowledged is in the topic");
        assertEquals(0, accounts.lost(), () -> "inputs lost; " + repeat());
        assertEquals(0, accounts.duplicated(), () -> "inputs repeated; " + repeat());
        assertEquals(0, accounts.lostParts(), () -> "parts of samples lost; " + repeat());
        assertEquals(0, accounts.duplicatedParts(), () -> "parts repeated; " + repeat());
        assertTrue(accounts.parts() > 0, "no sample came in parts");
        assertEquals(List.of(), accounts.wrongPanes(disturbed), repeat());
        assertTrue(difference.identical(), () -> difference + "; " + repeat());
        assertTrue(accounts.windows() > 0 && accounts.deadLetters() > 0, "nothing was tested");
        assertTrue(count(disturbed, Topics.CERTIFICATES) > 0, "nothing was certified");
    }

    private static long count(List<Output> outputs, Topics topic) {
        String name = topic.topicName(FaultyStack.PREFIX);
        return outputs.stream().filter(output -> output.topic().equals(name)).count();
    }

    private static long sketches(Outputs outputs) {
        outputs.poll();
        return outputs.sketches();
    }

    private static Set<String> raised(List<Output> outputs) {
        Set<String> kinds = new TreeSet<>();
        for (Output output : outputs) {
            if (output.topic().equals(Topics.ALERTS.topicName(FaultyStack.PREFIX))) {
                kinds.add(Wire.decode(output.value().array(), Alert.class).getKind());
            }
        }
        return kinds;
    }

    private static String repeat() {
        return "repeat with mvn -pl ops test -Dtest=ChaosITCase -Dspectrawatch.seed="
                + Synthetic.seed();
    }
}
