package io.spectrawatch.flink.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.FakeMapState;
import io.spectrawatch.flink.log.ShardRecord;
import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.admission.LayerPlan;
import io.spectrawatch.flink.monitor.admission.LayerPlan.Wanted;
import io.spectrawatch.flink.monitor.baseline.Baselines;
import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.config.MemoryCost;
import io.spectrawatch.flink.monitor.config.MemoryDefinition;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.flink.monitor.config.SketchDefinition;
import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.flink.monitor.message.BeatSummary;
import io.spectrawatch.flink.monitor.message.EvictionSummary;
import io.spectrawatch.flink.monitor.message.GrowthSummary;
import io.spectrawatch.flink.monitor.message.InterfaceSummary;
import io.spectrawatch.flink.monitor.message.JudgementSummary;
import io.spectrawatch.flink.monitor.message.ScoreSummary;
import io.spectrawatch.flink.monitor.message.ShardBeat;
import io.spectrawatch.flink.monitor.message.ShardClosed;
import io.spectrawatch.flink.monitor.message.ShardOutput;
import io.spectrawatch.flink.monitor.message.SketchSummary;
import io.spectrawatch.flink.monitor.message.UnwatchedSummary;
import io.spectrawatch.flink.monitor.pane.ReplayStart;
import io.spectrawatch.flink.monitor.shard.Shard;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.schemas.ActivationSnapshot;
import io.spectrawatch.schemas.ElementType;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.schemas.LayerRole;
import io.spectrawatch.schemas.LoggedSnapshot;
import io.spectrawatch.schemas.Tick;
import io.spectrawatch.spectral.DirectMemory;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of the sizing page is what the job decides, and what it decides is what it takes. */
class SizingTest {

    private static final Path PAGE = Path.of("..", "ops", "docs", "sizing.md");

    /** What auto leaves of -Xmx2g and of -Xmx32g, on a machine with room for them. */
    private static final List<String> BUDGETS =
            List.of("heap=1g,native=1392m", "heap=16g,native=24432m");

    private static final long MINUTE = 60_000_000;
    private static final long LATENESS = 10_000_000;

    /** Direct buffers have a page's rounding; scratch grows to what one layer needs. */
    private static final double MOST_ABOVE = 1.05;

    /** The worst case counts a block of rows in fp64 and as they came, at its fullest. */
    private static final double MOST_BELOW = 0.75;

    /** Names, tables and tree nodes of the test's own map, garbage that stays. */
    private static final long HEAP_SLACK = 6 << 20;

    private static SketchSettings settings(String budget, int models) {
        Map<String, String> settings = new HashMap<>();
        settings.put(MonitorDefinition.BOOTSTRAP_SERVERS.key(), "unused:9092");
        settings.put(MemoryDefinition.MEMORY_BUDGET.key(), budget);
        settings.put(MemoryDefinition.MODELS_MAX.key(), Integer.toString(models));
        settings.put(SketchDefinition.KERNELS.key(), "host");
        return MonitorConfig.fromMap(settings).sketchSettings();
    }

    private static List<SketchOptions> plan(SketchSettings settings, int layers, int columns) {
        List<Wanted> wanted = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            wanted.add(new Wanted("h" + i, columns, false));
        }
        return LayerPlan.of(wanted, settings.memory().ofPane(MINUTE, LATENESS), settings);
    }

    private static MemoryCost cost(List<SketchOptions> plan, int columns) {
        MemoryCost cost = MemoryCost.NONE;
        for (SketchOptions each : plan) {
            cost = each == null ? cost : cost.plus(MemoryCost.of(each, columns));
        }
        return cost;
    }

    /** How layers are kept; 0 rows for those that are not watched. */
    private record Form(boolean exact, int rows, int blockRows) {
        private static final Comparator<Form> ORDER =
                Comparator.comparing(Form::exact)
                        .thenComparing(Form::rows)
                        .thenComparing(Form::blockRows)
                        .reversed();

        static Form of(SketchOptions options) {
            if (options == null) {
                return new Form(false, 0, 0);
            }
            boolean exact = options.kind() == SketchKind.EXACT;
            return exact
                    ? new Form(true, 0, 0)
                    : new Form(false, options.sketchRows(), options.blockRows());
        }

        String text() {
            if (exact) {
                return "exact";
            }
            if (rows == 0) {
                return "not watched";
            }
            return "of " + rows + " rows" + (blockRows > rows ? " (" + blockRows + ")" : "");
        }
    }

    private static String row(String budget, int models, int layers, int columns) {
        List<SketchOptions> plan = plan(settings(budget, models), layers, columns);
        TreeMap<Form, Integer> counts = new TreeMap<>(Form.ORDER);
        plan.forEach(each -> counts.merge(Form.of(each), 1, Integer::sum));
        List<String> parts = new ArrayList<>();
        counts.forEach((form, count) -> parts.add(count + " " + form.text()));
        MemoryCost cost = cost(plan, columns);
        return String.format(
                Locale.ROOT,
                "| %d | %d | %d | %s | %.1f | %.1f |",
                models,
                layers,
                columns,
                String.join(", ", parts),
                cost.heap() / 1048576.0,
                cost.offHeap() / 1048576.0);
    }

    @Test
    void theTableOfThePageIsWhatTheJobDecides() throws Exception {
        List<String> table = new ArrayList<>();
        for (String budget : BUDGETS) {
            for (int models : new int[] {1, 4, 50, 500}) {
                for (int[] each :
                        new int[][] {
                            {1, 8192},
                            {6, 384},
                            {12, 768},
                            {24, 1024},
                            {48, 1280},
                            {80, 8192},
                            {1000, 384},
                            {1000, 1500}
                        }) {
                    table.add(row(budget, models, each[0], each[1]));
                }
            }
        }
        List<String> page =
                Files.readAllLines(PAGE).stream()
                        .filter(line -> line.matches("\\| \\d.*"))
                        .toList();
        assertEquals(String.join("\n", table), String.join("\n", page));
    }

    /**
     * One pane of one shard, filled to the brim: sketches of full rank and a block of mixed types.
     */
    @ParameterizedTest
    @CsvSource({
        "1,12,384",
        "4,6,384",
        "4,24,1024",
        "4,48,1280",
        "50,300,256",
        "1,1,8192",
        "4,12,768"
    })
    void whatIsDecidedIsWhatItTakes(int models, int layers, int columns) throws Exception {
        SketchSettings settings = settings(BUDGETS.get(0), models);
        MemoryCost expected = cost(plan(settings, layers, columns), columns);
        try (SubtaskKernels tools =
                        new SubtaskKernels(
                                settings, new Baselines(new MemoryBaselines(), () -> {}));
                Shard shard = new Shard(0, 4, tools, ReplayStart.NOTHING)) {
            FakeMapState entries = new FakeMapState();
            ChunkedState state = new ChunkedState(entries);
            shard.tick(tick(), 0, state, new Nowhere());
            long heapBefore = usedHeap();
            long directBefore = direct();
            Random random = new Random(TestLog.seed());
            int offset = 1;
            // The last rows of every block size that is begun come in another type than those
            // before.
            for (int rows : new int[] {256, 252, -3}) {
                ActivationSnapshot snapshot = snapshot(layers, columns, rows, random);
                shard.snapshot(
                        LoggedSnapshot.inTime(snapshot), new ShardRecord(0, offset++, new byte[0]));
            }
            shard.store(state);
            entries.written.clear();
            long offHeap = direct() - directBefore;
            long heap = usedHeap() - heapBefore;
            long scratch =
                    plan(settings, layers, columns).stream()
                            .mapToLong(each -> each == null ? 0 : MemoryCost.scratch(each, columns))
                            .max()
                            .orElseThrow();
            String found =
                    layers
                            + " x "
                            + columns
                            + ": "
                            + heap
                            + " heap, "
                            + offHeap
                            + " native, expected "
                            + expected
                            + ", scratch "
                            + scratch;
            assertTrue(offHeap <= MOST_ABOVE * expected.offHeap() + scratch + (1 << 20), found);
            assertTrue(offHeap >= MOST_BELOW * expected.offHeap(), found);
            assertTrue(heap <= MOST_ABOVE * expected.heap() + HEAP_SLACK, found);
            assertTrue(heap >= MOST_BELOW * expected.heap() - HEAP_SLACK, found);
        }
    }

    private static final class Nowhere implements ShardOutput {
        @Override
        public void part(SketchSummary summary) {}

        @Override
        public void moments(InterfaceSummary summary) {}

        @Override
        public void judged(JudgementSummary judgement) {}

        @Override
        public void scored(ScoreSummary scores) {}

        @Override
        public void beat(BeatSummary beat) {}

        @Override
        public void beat(ShardBeat mark) {}

        @Override
        public void grown(GrowthSummary growth) {}

        @Override
        public void unwatched(UnwatchedSummary unwatched) {}

        @Override
        public void evicted(EvictionSummary evicted) {}

        @Override
        public void closed(ShardClosed mark) {}
    }

    private static Tick tick() {
        return Tick.newBuilder()
                .setTime(0)
                .setPaneLength(MINUTE)
                .setLateness(LATENESS)
                .setShard(0)
                .setShards(4)
                .setSequence(0)
                .build();
    }

    /** Gaussian rows in fp32, or for a negative number of them zeros in fp16. */
    private static ActivationSnapshot snapshot(int layers, int columns, int wanted, Random random) {
        List<Layer> all = new ArrayList<>();
        int rows = Math.abs(wanted);
        ElementType type = wanted > 0 ? ElementType.FLOAT32 : ElementType.FLOAT16;
        for (int i = 0; i < layers; i++) {
            int bytes = (wanted > 0 ? Float.BYTES : Short.BYTES) * rows * columns;
            ByteBuffer data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int j = 0; wanted > 0 && j < rows * columns; j++) {
                data.putFloat((float) random.nextGaussian());
            }
            data.position(bytes);
            all.add(
                    Layer.newBuilder()
                            .setName("h" + i)
                            .setIndex(i)
                            .setRole(LayerRole.HIDDEN)
                            .setRows(rows)
                            .setColumns(columns)
                            .setElementType(type)
                            .setRowSample(Collections.nCopies(rows, 0))
                            .setData(data.flip())
                            .build());
        }
        return TestLog.snapshot(1, TestLog.DIGEST, all);
    }

    private static long direct() {
        return DirectMemory.pool().getMemoryUsed();
    }

    private static long usedHeap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(20);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
