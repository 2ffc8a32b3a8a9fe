package io.spectrawatch.ops.audit.bundle;

import io.spectrawatch.ops.audit.record.Entry;
import io.spectrawatch.ops.audit.record.Times;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.InterfaceCertificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * What was said about a part and what another baseline says, by the end of the panes concerned.
 *
 * @param what certificate or the kind of an alert
 * @param end of the panes, ISO 8601
 * @param then what was recorded, empty for nothing
 * @param now what the other baseline says, empty for nothing
 */
public record ThenAndNow(String what, String part, String end, String then, String now) {

    private record Place(long end, String part, String what) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byEnd = Long.compare(end, other.end);
            int byPart = byEnd != 0 ? byEnd : part.compareTo(other.part);
            return byPart != 0 ? byPart : what.compareTo(other.what);
        }
    }

    /** Certificates and alerts of both sides, in the order of time. */
    public static List<ThenAndNow> of(List<Entry> recorded, List<Entry> recomputed) {
        TreeMap<Place, String[]> all = new TreeMap<>();
        collect(recorded, 0, all);
        collect(recomputed, 1, all);
        List<ThenAndNow> found = new ArrayList<>();
        all.forEach(
                (place, said) ->
                        found.add(
                                new ThenAndNow(
                                        place.what(),
                                        place.part(),
                                        Times.text(place.end()),
                                        said[0],
                                        said[1])));
        return List.copyOf(found);
    }

    private static void collect(List<Entry> entries, int side, TreeMap<Place, String[]> all) {
        for (Entry entry : entries) {
            String what;
            String said;
            if (entry.decoded() instanceof InterfaceCertificate certificate) {
                what = "certificate";
                said = text(certificate);
            } else if (entry.decoded() instanceof Alert alert) {
                what = alert.getKind();
                said = alert.getTransition().name().toLowerCase(Locale.ROOT);
            } else {
                continue;
            }
            Place place = new Place(entry.paneEnd(), entry.part(), what);
            String[] both = all.computeIfAbsent(place, p -> new String[] {"", ""});
            both[side] = both[side].isEmpty() ? said : both[side] + "; " + said;
        }
    }

    private static String text(InterfaceCertificate certificate) {
        String status = certificate.getStatus().name().toLowerCase(Locale.ROOT);
        if (certificate.getFindings() == null) {
            return status + ": " + certificate.getReason();
        }
        return String.format(
                Locale.ROOT,
                "%s, utilisation %.3g, drift score %.3g, %d changed%s",
                status,
                certificate.getFindings().getUtilisation(),
                certificate.getFindings().getDriftScore(),
                certificate.getFindings().getChanged(),
                certificate.getActiveAlerts().isEmpty()
                        ? ""
                        : ", standing " + String.join(" ", certificate.getActiveAlerts()));
    }
}
