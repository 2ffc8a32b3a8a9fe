package io.spectrawatch.ops.demo.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.ops.demo.attack.SearchRuns.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Searches by queries alone, and honest clients, each of them a client of its own: how many
 * requests until it is found on a trail, and until a search succeeds.
 */
class SearchTrailsQualityTest {
    private static final int SEARCHES = 100;
    private static final int MOST = 500;
    private static final int SIDE = 28;
    private static final int WHITE = 255;

    /** Fewer requests are no trail, whatever they are. */
    private static final int SHORTEST = 12;

    private static final double LEAST_FOUND = 0.9;

    private static final List<String> LAYERS = List.of("pixels", "block0", "block1", "embedding");

    /** Sends what it is given, one after the other. */
    private record Honest(List<float[]> requests, int[] next) implements QuerySearch {
        Honest(List<float[]> requests) {
            this(requests, new int[1]);
        }

        @Override
        public float[] query() {
            return requests.get(next[0]++);
        }

        @Override
        public void answer(float[] logits) {}

        @Override
        public boolean succeeded() {
            return next[0] == requests.size();
        }
    }

    /** Sends clean inputs between the queries of a search. */
    private static final class Hidden implements QuerySearch {
        private final QuerySearch search;
        private final IntFunction<float[]> clean;
        private final int between;
        private int sent;

        Hidden(QuerySearch search, IntFunction<float[]> clean, int between) {
            this.search = search;
            this.clean = clean;
            this.between = between;
        }

        private boolean asks() {
            return sent % (between + 1) == 0;
        }

        @Override
        public float[] query() {
            return asks() ? search.query() : clean.apply(sent);
        }

        @Override
        public void answer(float[] logits) {
            if (asks()) {
                search.answer(logits);
            }
            sent++;
        }

        @Override
        public boolean succeeded() {
            return search.succeeded();
        }
    }

    @Test
    void searchesOnDigits() throws Exception {
        try (SearchRuns runs = new SearchRuns(Path.of("examples", "mnist"), "mnist", LAYERS)) {
            title();
            require(runs, "digits, square .1", i -> square(runs, i, 0.1));
            // Many of its steps are no nearer than digits are; single scores find half of them.
            print("digits, square .2", runs.run(each(i -> square(runs, i, 0.2)), MOST));
            require(runs, "digits, boundary 3", i -> boundary(runs, i, 3));
            honest(runs, "digits");
        }
    }

    @Test
    void searchesOnClothes() throws Exception {
        try (SearchRuns runs = new SearchRuns(Path.of("examples", "fashion"), "cnn", LAYERS)) {
            title();
            require(runs, "clothes, square .03", i -> square(runs, i, 0.03));
            require(runs, "clothes, square .05", i -> square(runs, i, 0.05));
            require(runs, "clothes, boundary 1", i -> boundary(runs, i, 1));
            for (int between : new int[] {1, 3, 7, 8}) {
                print(
                        "clothes, boundary 1, " + between + " clean between",
                        runs.run(
                                each(
                                        i ->
                                                new Hidden(
                                                        boundary(runs, i, 1),
                                                        sent -> runs.clean((31 * i + sent) % 2000),
                                                        between)),
                                MOST));
            }
            honest(runs, "clothes");
        }
    }

    private static void title() {
        System.out.println(
                "| requests | single scores | close | found in time, of all | of those past 12"
                        + " | median until found | median until success |");
    }

    private static QuerySearch square(SearchRuns runs, int i, double bound) {
        return new SquareSearch(
                runs.clean(i),
                SIDE,
                runs.answer(i),
                (float) (bound * WHITE),
                10_000,
                new Random(i));
    }

    private static QuerySearch boundary(SearchRuns runs, int i, double near) {
        return new BoundarySearch(
                runs.clean(i), runs.otherThan(i), runs.answer(i), near * WHITE, new Random(i));
    }

    private static List<QuerySearch> each(IntFunction<QuerySearch> of) {
        List<QuerySearch> all = new ArrayList<>();
        for (int i = 0; i < SEARCHES; i++) {
            all.add(of.apply(i));
        }
        return all;
    }

    private static void require(SearchRuns runs, String name, IntFunction<QuerySearch> of) {
        Outcome outcome = runs.run(each(of), MOST);
        print(name, outcome);
        assertTrue(
                outcome.flagged(SHORTEST) >= LEAST_FOUND * outcome.lasting(SHORTEST),
                name + ": " + outcome.flagged(SHORTEST) + " of " + outcome.lasting(SHORTEST));
    }

    private static void print(String name, Outcome outcome) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %.3f | %.3f | %d of %d | %d of %d | %d | %d |%n",
                name,
                outcome.single(),
                outcome.close(),
                outcome.flagged(0),
                outcome.lasting(0),
                outcome.flagged(SHORTEST),
                outcome.lasting(SHORTEST),
                Outcome.median(outcome.flagged()),
                Outcome.median(outcome.succeeded()));
    }

    private static void honest(SearchRuns runs, String name) {
        int clients = 20;
        List<List<float[]>> apart = lists(clients);
        List<List<float[]>> oneClass = lists(10);
        List<List<float[]>> retried = lists(clients);
        List<List<float[]>> moved = lists(clients);
        List<List<float[]>> varied = lists(clients);
        Random random = new Random(1);
        for (int row = 0; row < runs.rows(); row++) {
            for (int i = 0; i < 2; i++) {
                varied.get(row % clients).add(noisy(runs.clean(row), random));
            }
            apart.get(row % clients).add(runs.clean(row));
            oneClass.get(runs.answer(row)).add(runs.clean(row));
            for (int i = 0; i < 3; i++) {
                retried.get(row % clients).add(runs.clean(row));
            }
        }
        for (int client = 0; client < clients; client++) {
            for (int i = 0; i < 30; i++) {
                moved.get(client).add(noisy(runs.clean(client), random));
            }
        }
        assertEquals(0, found(runs, name + ", independent", apart));
        assertEquals(0, found(runs, name + ", of one class each", oneClass));
        assertEquals(0, found(runs, name + ", each sent three times", retried));
        found(runs, name + ", one input with noise of .02", moved);
        assertEquals(0, found(runs, name + ", two variations of each", varied));
    }

    private static float[] noisy(float[] row, Random random) {
        for (int p = 0; p < row.length; p++) {
            double noise = 0.02 * WHITE * (2 * random.nextDouble() - 1);
            row[p] = Math.round(Math.max(0, Math.min(WHITE, row[p] + noise)));
        }
        return row;
    }

    private static List<List<float[]>> lists(int count) {
        List<List<float[]>> lists = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    private static long found(SearchRuns runs, String name, List<List<float[]>> requests) {
        List<QuerySearch> clients = new ArrayList<>();
        requests.stream()
                .filter(own -> !own.isEmpty())
                .forEach(own -> clients.add(new Honest(own)));
        Outcome outcome = runs.run(clients, Integer.MAX_VALUE);
        long found = Arrays.stream(outcome.flagged()).filter(n -> n > 0).count();
        System.out.printf(
                Locale.ROOT,
                "| %s | %.3f | %.4f | %d of %d | | %d | |%n",
                name,
                outcome.single(),
                outcome.close(),
                found,
                clients.size(),
                Outcome.median(outcome.flagged()));
        return found;
    }
}
