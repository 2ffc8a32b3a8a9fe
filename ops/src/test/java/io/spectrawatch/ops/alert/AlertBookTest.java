package io.spectrawatch.ops.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertNoteKind;
import io.spectrawatch.schemas.AlertTransition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What pages ask often is kept as alerts come, and is what one pass over all alerts finds. */
class AlertBookTest {

    private static final long SEED = Long.getLong("spectrawatch.seed", 20260101L);
    private static final int MOST = 60;
    private static final AlertFilter ALL = new AlertFilter(null, null, null, null, false);
    private static final AlertFilter ACTIVE = new AlertFilter(null, null, null, null, true);

    private final AlertBook book = new AlertBook(() -> MadeAlerts.NOON, MOST);

    private static Alert any(Random random, int number) {
        Alert drift =
                MadeAlerts.drift(
                        "id" + number,
                        random.nextInt(3) == 0 ? AlertTransition.RESOLVED : AlertTransition.RAISED,
                        random.nextInt(40));
        return Alert.newBuilder(drift)
                .setModelId("m" + random.nextInt(3))
                .setModelVersion("v" + random.nextInt(2))
                .setSegment(random.nextBoolean() ? null : "route=/batch")
                .setKind(random.nextBoolean() ? "CERTIFICATE_DRIFT" : "SPECTRUM_DRIFT")
                .setPart("h." + random.nextInt(3))
                .build();
    }

    /** What stands, by a pass over the list. */
    private Map<String, Map<String, Integer>> counted() {
        Map<String, Map<String, Integer>> counted = new TreeMap<>();
        for (KnownAlert each : book.list(ACTIVE, false, Integer.MAX_VALUE).alerts()) {
            Alert alert = each.alert();
            counted.computeIfAbsent(
                            name(alert.getModelId(), alert.getModelVersion(), alert.getSegment()),
                            name -> new TreeMap<>())
                    .merge(alert.getKind(), 1, Integer::sum);
        }
        return counted;
    }

    private static String name(String model, String version, String segment) {
        return model + ' ' + version + ' ' + segment;
    }

    @Test
    void whatStandsIsCountedAsAlertsComeAndGo() {
        Random random = new Random(SEED);
        for (int number = 0; number < 3_000; number++) {
            book.accept(any(random, number), number);
            Map<String, Map<String, Integer>> kept = new TreeMap<>();
            int all = 0;
            for (ModelAlerts each : book.standingByModel()) {
                kept.put(name(each.model(), each.version(), each.segment()), each.kinds());
                assertEquals(
                        each.kinds(), book.standing(each.model(), each.version(), each.segment()));
                all += each.kinds().values().stream().mapToInt(Integer::intValue).sum();
            }
            String where = "alert " + number + " of seed " + SEED;
            assertEquals(counted(), kept, where);
            assertEquals(all, book.standing(), where);
        }
        assertEquals(Map.of(), book.standing("none", "1", null));
    }

    @Test
    void aListIsTheNewestOfAllThatAreKept() {
        Random random = new Random(SEED);
        for (int number = 0; number < 300; number++) {
            book.accept(any(random, number), number);
        }
        AlertList everything = book.list(ALL, false, Integer.MAX_VALUE);
        List<KnownAlert> all = everything.alerts();
        assertEquals(MOST, all.size());
        List<KnownAlert> sorted = new ArrayList<>(all);
        sorted.sort(
                Comparator.comparing(
                                (KnownAlert each) -> each.alert().getPaneEnd(),
                                Comparator.reverseOrder())
                        .thenComparing(each -> each.alert().getId()));
        assertEquals(sorted, all, "seed " + SEED);
        List<KnownAlert> wanted =
                all.stream()
                        .filter(each -> each.alert().getModelId().equals("m1"))
                        .filter(each -> each.alert().getKind().equals("CERTIFICATE_DRIFT"))
                        .toList();
        AlertFilter one = new AlertFilter("m1", "certificate_drift", null, null, false);
        AlertList few = book.list(one, false, 2);
        assertEquals(wanted.subList(0, 2), few.alerts(), "seed " + SEED);
        assertEquals(everything.older() + wanted.size() - 2, few.older(), "seed " + SEED);
    }

    @Test
    void alertsAboutSamplesAreAmongTheOthersWhereTheyAreAskedFor() {
        book.accept(MadeAlerts.drift("a", AlertTransition.RAISED, 1), 0);
        book.accept(
                Alert.newBuilder(MadeAlerts.attack("b", "eve", AlertTransition.RAISED, 3))
                        .setSampleId("r7")
                        .build(),
                1);
        book.accept(MadeAlerts.attack("c", "eve", AlertTransition.RAISED, 2), 2);
        assertEquals(List.of("c", "a"), ids(book.list(ALL, false, 10)));
        assertEquals(List.of("b", "c", "a"), ids(book.list(ALL, true, 10)));
        AlertList two = book.list(ALL, true, 2);
        assertEquals(List.of("b", "c"), ids(two));
        assertEquals(1, two.older());
        assertEquals(List.of("c", "a"), ids(book.list(ACTIVE, true, 10)));
    }

    private static List<String> ids(AlertList list) {
        return list.alerts().stream().map(each -> each.alert().getId()).toList();
    }

    @Test
    void precisionFollowsTheNotes() {
        Alert alert = MadeAlerts.drift("a", AlertTransition.RAISED, 1);
        book.accept(alert, 0);
        assertEquals(List.of(), book.precision().rows());
        book.accept(MadeAlerts.note(alert, AlertNoteKind.FALSE_ALARM, 2, null));
        assertEquals(0.0, book.precision().rows().get(0).precision());
        book.accept(MadeAlerts.note(alert, AlertNoteKind.TRUE_ALARM, 3, null));
        assertEquals(1.0, book.precision().rows().get(0).precision());
    }
}
