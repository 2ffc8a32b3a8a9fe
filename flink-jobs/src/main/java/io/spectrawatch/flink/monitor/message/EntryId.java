package io.spectrawatch.flink.monitor.message;

import io.spectrawatch.flink.state.ModelKey;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.schemas.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * What an entry of a merge bucket is: of which kind, pane, model and part of it, and from which
 * shard. Public because Flink's record serializer asks for it.
 *
 * <pre>
 *   kind/paneStart/paneEnd/model/version/digest[/index[/layer/columns]]/shard
 * </pre>
 *
 * The digest has the segment behind it where there is one, as {@link ModelKey#stateKey} says.
 *
 * @param index place of a layer in its snapshot or of an interface in the baseline, 0 for what
 *     there is one of per model
 * @param layer null for what is of no layer
 */
public record EntryId(
        Kind kind, Pane pane, ModelKey model, int index, LayerId.Name layer, int shard) {

    /** Kinds of entries by the first part of their names, which lie in the state of jobs. */
    public enum Kind {
        /** What entered, by model. */
        INPUT("input", Scope.MODEL),
        /** How it was judged, by model. */
        JUDGEMENT("judgement", Scope.MODEL),
        /** What the detector found, by model. */
        SCORES("scores", Scope.MODEL),
        /** How far it grew past the gain profile, by model. */
        GROWTH("growth", Scope.MODEL),
        /** What was not watched, by model. */
        UNWATCHED("unwatched", Scope.MODEL),
        /** That it lost its place, by model. */
        EVICTED("evicted", Scope.MODEL),
        /** Sketches, by model and layer. */
        PART("part", Scope.LAYER),
        /** Moments, by model and interface. */
        INTERFACE("interface", Scope.INTERFACE);

        private final String written;
        private final Scope scope;

        Kind(String written, Scope scope) {
            this.written = written;
            this.scope = scope;
        }

        private static Kind of(String written) {
            for (Kind kind : values()) {
                if (kind.written.equals(written)) {
                    return kind;
                }
            }
            return null;
        }
    }

    /** What there is one entry of per pane and shard. */
    private enum Scope {
        MODEL(7),
        INTERFACE(8),
        LAYER(10);

        /** Parts of a name. */
        private final int parts;

        Scope(int parts) {
            this.parts = parts;
        }
    }

    private static final int DIGEST = 5;
    private static final int FIRST_OF_PART = 6;

    static EntryId ofModel(Kind kind, Pane pane, ModelKey model, int shard) {
        return new EntryId(kind, pane, model, 0, null, shard);
    }

    static EntryId ofInterface(Pane pane, ModelKey model, int index, int shard) {
        return new EntryId(Kind.INTERFACE, pane, model, index, null, shard);
    }

    static EntryId ofLayer(Pane pane, LayerId part, int shard) {
        return new EntryId(Kind.PART, pane, part.model(), part.index(), part.name(), shard);
    }

    /** What entered a pane of a model on a shard. */
    public static EntryId ofInput(Pane pane, ModelKey model, int shard) {
        return ofModel(Kind.INPUT, pane, model, shard);
    }

    /** Name of the state entry. */
    public String stateName() {
        return group() + "/" + shard;
    }

    /**
     * The name without the shard: what the entries of all shards for the same thing have in common.
     */
    public String group() {
        List<String> part = new ArrayList<>();
        if (kind.scope != Scope.MODEL) {
            // So that names sort as the numbers do.
            part.add(String.format("%010d", index));
        }
        if (kind.scope == Scope.LAYER) {
            part.add(layer.layer());
            part.add(Integer.toString(layer.columns()));
        }
        return StateNames.of(kind.written + "/", pane, model, part.toArray(String[]::new));
    }

    /**
     * Reads the name of a state entry.
     *
     * @return null if it names nothing of a pane
     * @throws IllegalStateException if its kind has names of another form
     */
    public static EntryId ofStateName(String name) {
        String[] parts = Topics.parts(name);
        Kind kind = Kind.of(parts[0]);
        if (kind == null) {
            return null;
        }
        if (parts.length != kind.scope.parts) {
            throw new IllegalStateException(
                    "state "
                            + name
                            + ": a name of "
                            + kind.scope.parts
                            + " parts expected, found "
                            + parts.length);
        }
        try {
            return read(kind, parts, name.split("/", -1)[DIGEST]);
        } catch (NumberFormatException e) {
            throw new IllegalStateException("state " + name + ": a number expected", e);
        }
    }

    /**
     * @param digest as it is written, with the segment
     */
    private static EntryId read(Kind kind, String[] parts, String digest) {
        return new EntryId(
                kind,
                new Pane(Long.parseLong(parts[1]), Long.parseLong(parts[2])),
                new ModelKey(
                        parts[3],
                        parts[4],
                        Topics.parts(Topics.withoutSegment(digest))[0],
                        Topics.segmentOf(digest)),
                kind.scope == Scope.MODEL ? 0 : Integer.parseInt(parts[FIRST_OF_PART]),
                kind.scope == Scope.LAYER
                        ? new LayerId.Name(
                                parts[FIRST_OF_PART + 1],
                                Integer.parseInt(parts[FIRST_OF_PART + 2]))
                        : null,
                Integer.parseInt(parts[parts.length - 1]));
    }
}
