package io.spectrawatch.flink.monitor.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.flink.log.FormContract;
import io.spectrawatch.flink.log.SampleModel;
import io.spectrawatch.flink.log.SampleModel.Nature;
import io.spectrawatch.schemas.Sample;
import io.spectrawatch.spectral.detect.combine.SampleSums;
import io.spectrawatch.spectral.detect.combine.Scorer;
import io.spectrawatch.spectral.fuzz.Fuzz;
import io.spectrawatch.spectral.kernel.KernelChoice;
import io.spectrawatch.spectral.kernel.KernelProviders;
import io.spectrawatch.spectral.kernel.Kernels;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What checkpoints hold of samples that are open, and how many there may be. */
class OpenSamplesTest extends FormContract {

    private static final int CASES = 20_000;
    private static final long FACTOR = 128;
    private static final SampleModel MODEL = new SampleModel(4);
    private static final Kernels KERNELS = KernelProviders.open(KernelChoice.HOST);
    private static final Scorer SCORER =
            MODEL.baseline(900, 1, 6).detector().orElseThrow().scorer(KERNELS);

    static Stream<Form> forms() {
        return Stream.of(new Form("open-samples-1", bytes(), OpenSamplesTest::rewrite));
    }

    @AfterAll
    static void close() {
        KERNELS.close();
    }

    private static OpenSample sample(String id, boolean mapped) {
        Sample first =
                Sample.newBuilder()
                        .setId(id)
                        .setClient(mapped ? "client" : null)
                        .setSession("session")
                        .setTraceId("ab".repeat(16))
                        .setAttributes(Map.of("route", "/chat", "a", "b"))
                        .setLast(false)
                        .build();
        SampleSums sums = SCORER.sums(mapped);
        return new OpenSample(new SampleKey("capture", id), first, 17, 4, sums);
    }

    /** One with rows and one without, and a name; the numbers of rows are golden elsewhere. */
    private static byte[] bytes() {
        OpenSamples open = new OpenSamples(10, 100);
        OpenSample mapped = sample("b", true);
        mapped.sums().keep(new float[] {1, -2, 0.5f});
        mapped.sums().mapped().add(new double[] {1, 2, 3}, new double[] {9, 4, 5}, 1, 2);
        mapped.next(Sample.newBuilder().setId("b").setPart(2).build(), 9);
        open.put(mapped);
        open.put(sample("a", false));
        open.isNews(new SampleKey("capture", "lost"));
        return open.toBytes();
    }

    private static byte[] rewrite(byte[] bytes) {
        OpenSamples read = new OpenSamples(10, 100);
        read.restore(bytes, SCORER);
        return read.toBytes();
    }

    @Test
    void damagedStateIsRefusedOrConsistent() {
        new Fuzz<>(
                        "open-samples-1",
                        OpenSamplesTest.class,
                        bytes -> List.of(bytes, rewrite(bytes)),
                        Set.of(IllegalStateException.class),
                        read -> assertArrayEquals(read.get(0), read.get(1)),
                        FACTOR)
                .run(List.of(bytes(), scored()), CASES);
    }

    /** With sums over rows that were scored. */
    private static byte[] scored() {
        OpenSample sample = sample("rows", false);
        var rows =
                SampleModel.activations(
                        List.of(MODEL.draw("rows", null, Nature.FOREIGN, 9, new Random(1))));
        SCORER.add(rows, new SampleSums[] {sample.sums()}, null, null);
        OpenSamples open = new OpenSamples(10, 100);
        open.put(sample);
        assertEquals(9, sample.sums().rows());
        return open.toBytes();
    }

    @Test
    void theOneLeavesWhoseLastPartIsTheOldest() {
        OpenSamples open = new OpenSamples(2, 100);
        open.put(sample("a", false));
        open.put(sample("b", false));
        open.put(open.get(new SampleKey("capture", "a")));
        assertNull(open.evict());
        open.put(sample("c", false));
        assertEquals("b", open.evict().key().id());
        assertNull(open.evict());
    }

    /** A sample that says much of itself takes the room of several. */
    @Test
    void theirBytesAreBoundedToo() {
        OpenSamples open = new OpenSamples(4, 1000);
        String id = "x".repeat(6000);
        open.put(sample("a", false));
        open.put(sample(id, false));
        assertEquals("a", open.evict().key().id());
        assertEquals(id, open.evict().key().id());
        assertTrue(open.isEmpty());
        assertTrue(new OpenSamples(1 << 20, 1 << 20).mostBytes() <= 64 << 20);
        assertEquals(0, new OpenSamples(0, 1 << 20).mostBytes());
    }

    @Test
    void aSampleWithoutABeginningIsNewsOnce() {
        OpenSamples open = new OpenSamples(1, 100);
        assertTrue(open.isNews(new SampleKey("c", "a")));
        assertFalse(open.isNews(new SampleKey("c", "a")));
        assertTrue(open.isNews(new SampleKey("c", "b")));
    }
}
