package io.spectrawatch.flink.monitor.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.TestLog;
import io.spectrawatch.flink.monitor.admission.LayerPlan.Wanted;
import io.spectrawatch.flink.monitor.config.MemoryCost;
import io.spectrawatch.flink.monitor.config.MemoryDefinition;
import io.spectrawatch.flink.monitor.config.MemoryShares;
import io.spectrawatch.flink.monitor.config.MonitorConfig;
import io.spectrawatch.flink.monitor.config.MonitorDefinition;
import io.spectrawatch.flink.monitor.config.SketchSettings;
import io.spectrawatch.spectral.sketch.SketchKind;
import io.spectrawatch.spectral.sketch.SketchOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerPlanTest {

    private static final SketchSettings SETTINGS = settings("heap=1g,native=1392m");

    private static SketchSettings settings(String budget, String... more) {
        Map<String, String> settings = new HashMap<>(TestLog.settings(more));
        settings.put(MonitorDefinition.BOOTSTRAP_SERVERS.key(), "unused:9092");
        settings.put(MemoryDefinition.MEMORY_BUDGET.key(), budget);
        return MonitorConfig.fromMap(settings).sketchSettings();
    }

    private static List<Wanted> layers(int count, int columns) {
        List<Wanted> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            layers.add(new Wanted("h" + i, columns, false));
        }
        return layers;
    }

    private static MemoryCost total(List<Wanted> wanted, List<SketchOptions> chosen) {
        MemoryCost total = MemoryCost.NONE;
        for (int i = 0; i < wanted.size(); i++) {
            if (chosen.get(i) != null) {
                total = total.plus(MemoryCost.of(chosen.get(i), wanted.get(i).columns()));
            }
        }
        return total;
    }

    @Test
    void fromTheExactMomentToFewerRowsToNothing() {
        List<Wanted> layers = layers(12, 768);
        MemoryCost exact =
                total(layers, LayerPlan.of(layers, new MemoryCost(1L << 40, 1L << 40), SETTINGS));
        List<String> seen = new ArrayList<>();
        for (long percent = 100; percent > 0; percent--) {
            MemoryCost share =
                    new MemoryCost(exact.heap() * percent / 100, exact.offHeap() * percent / 100);
            SketchOptions last = LayerPlan.of(layers, share, SETTINGS).get(11);
            String form = last == null ? "none" : last.kind() + " " + last.sketchRows();
            if (seen.isEmpty() || !seen.get(seen.size() - 1).equals(form)) {
                seen.add(form);
            }
        }
        // The last layer by name of h0 to h11 is h9: h11 is lifted before most others.
        assertEquals("EXACT 64", seen.get(0));
        assertTrue(seen.contains("FREQUENT_DIRECTIONS 64"), seen::toString);
        assertTrue(seen.contains("FREQUENT_DIRECTIONS 8"), seen::toString);
    }

    @Test
    void asConfiguredWhereMemoryIsNoConcern() {
        SketchSettings unlimited = settings("unlimited", "sketch.kind.exact.layers=h0");
        MemoryCost share = unlimited.memory().ofPane(60_000_000, 10_000_000);
        List<Wanted> layers = layers(3, 4096);
        List<SketchOptions> chosen = LayerPlan.of(layers, share, unlimited);
        assertEquals(unlimited.options("h0", 4096), chosen.get(0));
        for (int i = 1; i < 3; i++) {
            assertEquals(unlimited.options("h" + i, 4096).withBlockRows(256), chosen.get(i));
        }
        assertEquals(SketchKind.EXACT, chosen.get(0).kind());
    }

    @Test
    void theMostLayersAreKeptJudgedOnesFirst() {
        List<Wanted> layers = new ArrayList<>(layers(40, 4096));
        layers.add(new Wanted("wide", 65_536, false));
        layers.add(new Wanted("judged", 16_384, true));
        SketchOptions least =
                SETTINGS.options("x", 4096).withSketchRows(8).withBlockRows(8).withProbes(0, 0);
        MemoryCost share = MemoryCost.of(least, 16_384);
        for (int i = 0; i < 20; i++) {
            share = share.plus(MemoryCost.of(least, 4096));
        }
        List<SketchOptions> chosen = LayerPlan.of(layers, share, SETTINGS);
        assertNotNull(chosen.get(41), "a judged layer comes first");
        assertNull(chosen.get(40), "the widest goes first");
        long kept = chosen.stream().filter(each -> each != null).count();
        assertEquals(21, kept);
    }

    @Test
    void probesGoBeforeRows() {
        SketchOptions asked = SETTINGS.options("x", 4096);
        assertEquals(16, asked.probes());
        List<Wanted> one = layers(1, 4096);
        SketchOptions bare = asked.withProbes(0, 0);

        assertEquals(asked, LayerPlan.of(one, MemoryCost.of(asked, 4096), SETTINGS).get(0));
        assertEquals(bare, LayerPlan.of(one, MemoryCost.of(bare, 4096), SETTINGS).get(0));
        assertEquals(0, SETTINGS.options("x", 64).probes(), "an exact moment needs none");
        assertEquals(
                bare, settings("unlimited", "sketch.probes=0").options("x", 4096), "none asked");
    }

    @Test
    void blocksGrowWithHalfOfWhatIsLeft() {
        List<Wanted> one = layers(1, 4096);
        SketchOptions asked = SETTINGS.options("x", 4096);
        MemoryCost bare = MemoryCost.of(asked, 4096);
        for (int rows : new int[] {128, 256}) {
            SketchOptions larger = asked.withBlockRows(rows);
            MemoryCost more = MemoryCost.of(larger, 4096).minus(bare);
            MemoryCost enough = bare.plus(more).plus(more);
            assertEquals(larger, LayerPlan.of(one, enough, SETTINGS).get(0));
            MemoryCost little = enough.minus(new MemoryCost(2, 2));
            assertEquals(asked.withBlockRows(rows / 2), LayerPlan.of(one, little, SETTINGS).get(0));
        }
        MemoryCost plenty = new MemoryCost(1L << 40, 1L << 40);
        assertEquals(256, LayerPlan.of(one, plenty, SETTINGS).get(0).blockRows());
        assertEquals(
                100,
                LayerPlan.of(one, plenty, settings("unlimited", "block.rows=100"))
                        .get(0)
                        .blockRows(),
                "a size that is set stays");
    }

    /** Larger blocks take nothing from exact moments, rows, probes or layers that are watched. */
    @Test
    void largerBlocksChangeNothingElse() {
        long seed = TestLog.seed();
        Random random = new Random(seed);
        SketchSettings set = settings("heap=1g,native=1392m", "block.rows=64");
        int larger = 0;
        for (int i = 0; i < 200; i++) {
            List<Wanted> layers = new ArrayList<>();
            int count = 1 + random.nextInt(40);
            for (int j = 0; j < count; j++) {
                int columns = 1 + random.nextInt(1 << random.nextInt(14));
                layers.add(new Wanted("h" + j, columns, random.nextInt(5) == 0));
            }
            MemoryCost share =
                    new MemoryCost(1L << 12 + random.nextInt(20), 1L << 12 + random.nextInt(20));
            List<SketchOptions> usual = LayerPlan.of(layers, share, set);
            List<SketchOptions> chosen = LayerPlan.of(layers, share, SETTINGS);
            for (int j = 0; j < count; j++) {
                SketchOptions before = usual.get(j);
                SketchOptions after = chosen.get(j);
                if (before == null || before.kind() == SketchKind.EXACT) {
                    assertEquals(before, after, TestLog.repeat());
                    continue;
                }
                int growth = after.blockRows() / before.blockRows();
                assertTrue(growth == 1 || growth == 2 || growth == 4, TestLog.repeat());
                assertEquals(
                        before.withBlockRows(growth * before.blockRows()), after, TestLog.repeat());
                larger += growth > 1 ? 1 : 0;
            }
            MemoryCost used = total(layers, usual);
            MemoryCost most = used.plus(share.minus(used).half());
            assertTrue(total(layers, chosen).fits(most), TestLog.repeat());
        }
        assertTrue(larger > 20, "larger blocks: " + larger);
    }

    /** Whatever comes: within the share, for every order alike, and as many as can be. */
    @Test
    void plansFitAndDoNotDependOnTheOrder() {
        long seed = TestLog.seed();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            List<Wanted> layers = new ArrayList<>();
            int count = 1 + random.nextInt(60);
            for (int j = 0; j < count; j++) {
                int columns = 1 + random.nextInt(1 << random.nextInt(14));
                layers.add(new Wanted("h" + j, columns, random.nextInt(5) == 0));
            }
            MemoryCost share =
                    new MemoryCost(1L << 10 + random.nextInt(22), 1L << 10 + random.nextInt(22));
            Map<Wanted, SketchOptions> chosen = planned(layers, share);
            assertTrue(
                    total(layers, layers.stream().map(chosen::get).toList()).fits(share),
                    TestLog.repeat());
            List<Wanted> shuffled = new ArrayList<>(layers);
            Collections.shuffle(shuffled, random);
            assertEquals(chosen, planned(shuffled, share), TestLog.repeat());
        }
    }

    private static Map<Wanted, SketchOptions> planned(List<Wanted> layers, MemoryCost share) {
        List<SketchOptions> chosen = LayerPlan.of(layers, share, SETTINGS);
        Map<Wanted, SketchOptions> byLayer = new HashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            byLayer.put(layers.get(i), chosen.get(i));
        }
        return byLayer;
    }

    @Test
    void noExactMomentWhoseScratchIsBeyondTheBudget() {
        SketchSettings small = settings("heap=4g,native=16m", "sketch.kind=exact");
        List<Wanted> wide = layers(1, 1024);
        SketchOptions chosen = LayerPlan.of(wide, new MemoryCost(1L << 40, 1L << 40), small).get(0);
        assertEquals(SketchKind.FREQUENT_DIRECTIONS, chosen.kind());
    }

    @Test
    void allSharesTogetherAreWithinTheBudget() {
        for (int models : new int[] {1, 8, 500}) {
            for (long pane : new long[] {1_000_000, 10_000_000, 60_000_000}) {
                MemoryShares shares =
                        settings("heap=1g,native=1392m", "models.max=" + models).memory();
                MemoryCost one = shares.ofPane(pane, 10_000_000);
                long open = shares.openPanes(pane, 10_000_000);
                assertTrue(one.heap() * models * 4 * open <= 1L << 30);
                assertTrue(one.offHeap() * models * 4 * open + shares.scratch() <= 1392L << 20);
            }
        }
    }
}
