package io.spectrawatch.flink.monitor.shard;

import io.spectrawatch.flink.monitor.baseline.SubtaskKernels;
import io.spectrawatch.flink.monitor.message.LayerId;
import io.spectrawatch.flink.monitor.message.SketchSummary;
import io.spectrawatch.flink.monitor.message.StateNames;
import io.spectrawatch.flink.state.ChunkedState;
import io.spectrawatch.flink.state.Pane;
import io.spectrawatch.flink.state.StateForm;
import io.spectrawatch.schemas.Layer;
import io.spectrawatch.spectral.binary.ByteReader;
import io.spectrawatch.spectral.binary.ByteWriter;
import io.spectrawatch.spectral.sketch.Anchor;
import io.spectrawatch.spectral.sketch.SecondMomentSketch;
import io.spectrawatch.spectral.sketch.SketchOptions;
import io.spectrawatch.spectral.tensor.ElementType;
import io.spectrawatch.spectral.tensor.RowBlock;
import java.nio.ByteBuffer;

/**
 * The rows of one layer in one open pane of one shard: a sketch of all full blocks, and the block
 * that is being filled in log order.
 *
 * <pre>
 *   "SWLP", version 1
 *   int64 x 2  pane start, end
 *   text x 3   model, version, digest
 *   int32      layer index
 *   text       layer
 *   int32      columns
 *   int64      rows, pending ones included
 *   bytes      sketch, in its own versioned form
 *   bytes      pending block, in its own versioned form
 * </pre>
 */
public final class OpenLayer implements AutoCloseable {

    static final String STATE_PREFIX = "layer/";

    private static final int MAGIC = 0x53574C50;
    private static final int VERSION = 1;
    private static final String WHAT = "layer pane";
    private static final int FIXED_BYTES = 256;

    private final Pane pane;
    private final LayerId part;
    private final SubtaskKernels tools;
    private final SecondMomentSketch sketch;
    private final RowBlock block;
    private long rows;
    private boolean dirty;

    /**
     * @param options how the layer is kept, of a kind other than AUTO
     * @param anchor what the sketch subtracts from every row; null for the rows' own mean
     */
    public OpenLayer(
            Pane pane, LayerId part, SketchOptions options, Anchor anchor, SubtaskKernels tools) {
        this(
                pane,
                part,
                tools,
                tools.newSketch(options, part.columns(), anchor),
                tools.takeBlock(options.blockRows(), part.columns()),
                0);
    }

    private OpenLayer(
            Pane pane,
            LayerId part,
            SubtaskKernels tools,
            SecondMomentSketch sketch,
            RowBlock block,
            long rows) {
        this.pane = pane;
        this.part = part;
        this.tools = tools;
        this.sketch = sketch;
        this.block = block;
        this.rows = rows;
    }

    LayerId part() {
        return part;
    }

    /** How the layer is kept. */
    SketchOptions options() {
        return sketch.options().withKind(sketch.kind());
    }

    /** Appends all rows of a layer; every full block goes into the sketch. */
    public void append(Layer layer) {
        int count = layer.getRows();
        int taken = 0;
        while (taken < count) {
            int piece = Math.min(count - taken, room());
            append(layer, taken, piece);
            taken += piece;
            sketchIfFull();
        }
    }

    /** Appends rows that the block being filled has room for. */
    void append(Layer layer, int from, int count) {
        ElementType type = ElementType.valueOf(layer.getElementType().name());
        block.append(layer.getData(), type, from, count);
        rows += count;
        dirty = true;
    }

    /** Rows until the block being filled is full; never 0 between calls. */
    int room() {
        return block.capacity() - block.rows();
    }

    /** The block being filled. */
    RowBlock block() {
        return block;
    }

    /** Takes a full block into the sketch, after all who read it. */
    void sketchIfFull() {
        if (block.isFull()) {
            sketch();
        }
    }

    /** Takes the rows of a block that will not be full into the sketch, after all who read it. */
    void sketchPending() {
        if (block.rows() > 0) {
            sketch();
        }
    }

    /** What is sketched. */
    SketchSummary summary(int shard) {
        return new SketchSummary(
                shard, pane, part, rows, tools.kernels().description(), sketch.toBytes());
    }

    private void sketch() {
        sketch.update(block);
        block.clear();
    }

    static boolean isState(String name) {
        return name.startsWith(STATE_PREFIX);
    }

    /** Name of this layer's state entry. */
    String stateName() {
        return StateNames.of(
                STATE_PREFIX,
                pane,
                part.model(),
                Integer.toString(part.index()),
                part.layer(),
                Integer.toString(part.columns()));
    }

    /** Writes the state entry if it changed since it was last written. */
    void store(ChunkedState state) throws Exception {
        if (dirty) {
            state.put(stateName(), parts());
            dirty = false;
        }
    }

    /** The entry, one array behind the other: to copy large ones together would hold up a shard. */
    public byte[][] parts() {
        byte[] sketched = sketch.toBytes();
        byte[] pending = block.toBytes();
        ByteWriter head = StateForm.writer(MAGIC, VERSION, FIXED_BYTES);
        part.write(pane.write(head)).int64(rows).int32(sketched.length);
        byte[] between = ByteBuffer.allocate(Integer.BYTES).putInt(pending.length).array();
        return new byte[][] {head.toBytes(), sketched, between, pending};
    }

    public static OpenLayer fromBytes(byte[] bytes, SubtaskKernels tools) {
        ByteReader in = StateForm.reader(bytes, MAGIC, VERSION, WHAT);
        Pane pane = Pane.read(in);
        LayerId part = LayerId.read(in);
        long rows = in.int64();
        byte[] sketched = in.bytes();
        byte[] pending = in.bytes();
        in.end();
        SecondMomentSketch sketch = null;
        try {
            sketch = tools.restore(sketched);
            int capacity = sketch.options().blockRows();
            in.require(
                    capacity <= tools.settings().blockRows().most(),
                    "blocks of at most " + tools.settings().blockRows().most() + " rows",
                    capacity);
            RowBlock block = RowBlock.fromBytes(pending, capacity, part.columns());
            in.require(
                    sketch.dimension() == part.columns() && sketch.rows() + block.rows() == rows,
                    "a sketch of " + part.columns() + " columns, and " + rows + " rows in all",
                    sketch.dimension() + ", " + sketch.rows() + " + " + block.rows());
            return new OpenLayer(pane, part, tools, sketch, block, rows);
        } catch (IllegalArgumentException | IllegalStateException e) {
            if (sketch != null) {
                sketch.close();
            }
            throw new IllegalStateException(
                    WHAT + " of " + part.layer() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        tools.giveBlock(block);
        sketch.close();
    }
}
