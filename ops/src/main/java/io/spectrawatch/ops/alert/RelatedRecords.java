package io.spectrawatch.ops.alert;

import io.spectrawatch.ops.topic.MissingTopicException;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.InterfaceCertificate;
import io.spectrawatch.schemas.SampleExample;
import io.spectrawatch.schemas.SampleScores;
import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * The records that an alert rests on.
 *
 * @param samples of an alert about traffic: the scores of its examples; where it names none, of the
 *     loudest samples of its panes (of its client, if it is about one); the loudest first
 * @param certificate of an alert about an interface: the one that decided; else null
 */
public record RelatedRecords(List<SampleScores> samples, InterfaceCertificate certificate) {

    /** Samples that stand for the pane of an alert that names none. */
    private static final int MOST_SAMPLES = 3;

    /**
     * Records of a pane can stand behind some that are stamped later, by as much as shards or
     * models are apart.
     */
    private static final long SLACK_MICROS = 600_000_000L;

    private static final Comparator<SampleScores> LOUDEST =
            Comparator.comparingDouble((SampleScores scores) -> -scores.getStatistic())
                    .thenComparingInt(SampleScores::getShard)
                    .thenComparingLong(SampleScores::getOffset)
                    .thenComparing(SampleScores::getSampleId);

    /**
     * Reads what the topics still have.
     *
     * @param client Kafka client properties
     * @param prefix prefix of the topics' names
     */
    public static RelatedRecords of(Alert alert, Map<String, Object> client, String prefix)
            throws IOException {
        if (alert.getPart() == null) {
            return new RelatedRecords(samples(alert, client, prefix), null);
        }
        return new RelatedRecords(List.of(), certificate(alert, client, prefix));
    }

    private static List<SampleScores> samples(
            Alert alert, Map<String, Object> client, String prefix) throws IOException {
        TreeSet<SampleScores> loudest = new TreeSet<>(LOUDEST);
        int most = alert.getExamples().isEmpty() ? MOST_SAMPLES : alert.getExamples().size();
        try (TopicRecords scores = new TopicRecords(client, prefix, Topics.SCORES)) {
            scores.read(
                    alert.getPaneStart(),
                    Topics.key(alert.getModelId(), alert.getModelVersion()),
                    SampleScores.class,
                    each -> {
                        if (isBehind(alert, each)) {
                            loudest.add(each);
                        }
                        if (loudest.size() > most) {
                            loudest.pollLast();
                        }
                        return each.getCapturedAt() < alert.getPaneEnd() + SLACK_MICROS;
                    });
        } catch (MissingTopicException e) {
            return List.of();
        }
        return new ArrayList<>(loudest);
    }

    private static boolean isBehind(Alert alert, SampleScores scores) {
        if (!alert.getExamples().isEmpty()) {
            return alert.getExamples().stream().anyMatch(example -> isOf(example, scores));
        }
        String client = AlertSubject.of(alert).part();
        return scores.getCapturedAt() >= alert.getPaneStart()
                && scores.getCapturedAt() < alert.getPaneEnd()
                && Objects.equals(scores.getSegment(), alert.getSegment())
                && scores.getIncomplete() == null
                && (alert.getSampleId() == null || alert.getSampleId().equals(scores.getSampleId()))
                && (client == null || client.equals(scores.getClient()));
    }

    private static boolean isOf(SampleExample example, SampleScores scores) {
        return example.getShard() == scores.getShard()
                && example.getOffset() == scores.getOffset()
                && example.getSampleId().equals(scores.getSampleId());
    }

    private static InterfaceCertificate certificate(
            Alert alert, Map<String, Object> client, String prefix) throws IOException {
        InterfaceCertificate[] found = new InterfaceCertificate[1];
        try (TopicRecords certificates = new TopicRecords(client, prefix, Topics.CERTIFICATES)) {
            certificates.read(
                    alert.getPaneEnd(),
                    Topics.key(alert.getModelId(), alert.getModelVersion(), alert.getPart()),
                    InterfaceCertificate.class,
                    each -> {
                        boolean own =
                                each.getPaneStart() == alert.getPaneStart()
                                        && each.getPaneEnd() == alert.getPaneEnd()
                                        && Objects.equals(each.getSegment(), alert.getSegment());
                        if (own) {
                            found[0] = each;
                        }
                        return !own && each.getPaneEnd() < alert.getPaneEnd() + SLACK_MICROS;
                    });
        } catch (MissingTopicException e) {
            return null;
        }
        return found[0];
    }
}
