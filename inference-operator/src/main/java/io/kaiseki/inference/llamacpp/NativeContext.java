package io.kaiseki.inference.llamacpp;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.contract.Logits;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.OptionalInt;

/**
 * A llama.cpp context: KV cells, one batch, and the logits of the last call. Owned by one thread.
 *
 * <p>The batch lives in native memory and is filled in place. Each of its tokens belongs to one
 * sequence; those marked as outputs have logits afterwards, in rows counted in the order of the
 * batch.
 */
final class NativeContext implements AutoCloseable {

  /** {@code llama_decode} found no run of free cells that is long enough, says llama.h. */
  private static final int NO_CELLS = 1;

  /** What b4916 says instead; it is also what it says of a computation that failed. */
  private static final int NO_CELLS_OR_FAILED = -3;

  /** One pass moves some hundred runs of cells in a model of 28 layers, fewer in a deeper one. */
  private static final int DEFRAGMENTATIONS = 256;

  /**
   * Rows that a product with weights takes at once, where llama.cpp has laid these out anew for the
   * CPU. Each row beyond the last whole group reads all of the weights by itself.
   */
  static final int GROUP_ROWS = 4;

  private final LlamaApi api;
  private final Pointer handle;
  private final KvCells kv;
  private final int cells;
  private final int vocabularySize;
  private final int capacity;
  private final Memory tokens;
  private final Memory positions;
  private final Memory sequenceCounts;
  private final Memory sequencePointers;
  private final Memory sequences;
  private final Memory outputs;
  private final int[] outputTokens;
  private final int[] computedRows;
  private final LlamaApi.Batch batch = new LlamaApi.Batch();
  private final Logits row;
  private int limit;
  private int size;
  private int rows;
  private long logitsAddress;
  private int logitsRows;
  private FloatBuffer logits = FloatBuffer.allocate(0);
  private boolean closed;

  /**
   * @param cells KV cells, in tokens
   * @param batchTokens most tokens of a batch
   * @param sequenceCount sequences that exist at the same time
   */
  NativeContext(NativeModel model, int cells, int batchTokens, int sequenceCount, int threads) {
    NativeLayout layout = model.library().layout();
    api = model.library().api();
    long mostSequences = layout.cells().mostSequences(api);
    if (sequenceCount > mostSequences) {
      throw new EngineUnavailableException(
          "model.slots needs "
              + sequenceCount
              + " sequences, but "
              + model.library().build()
              + " has at most "
              + mostSequences
              + " sequences; use fewer slots");
    }
    vocabularySize = model.vocabulary().size();
    capacity = batchTokens;
    tokens = new Memory(4L * capacity);
    positions = new Memory(4L * capacity);
    sequenceCounts = new Memory(4L * capacity);
    sequencePointers = new Memory((long) Native.POINTER_SIZE * capacity);
    sequences = new Memory(4L * capacity);
    outputs = new Memory(capacity);
    outputTokens = new int[capacity];
    computedRows = new int[capacity];
    for (int i = 0; i < capacity; i++) {
      sequenceCounts.setInt(4L * i, 1);
      sequencePointers.setPointer((long) Native.POINTER_SIZE * i, sequences.share(4L * i));
    }
    row = new Logits(logits);
    LlamaApi.Parameters parameters = api.llama_context_default_params();
    ByteBuffer fields = LlamaLibrary.littleEndian(parameters);
    int spare = layout.cells().spare(batchTokens);
    fields.putInt(layout.contextTokens(), cells + spare);
    fields.putInt(layout.batchTokens(), batchTokens);
    fields.putInt(layout.microBatchTokens(), batchTokens);
    fields.putInt(layout.sequences(), sequenceCount);
    fields.putInt(layout.threads(), threads);
    fields.putInt(layout.batchThreads(), threads);
    layout.flashAttention().put(fields, model.flashAttention() ? 1 : 0);
    layout.outputs().ifPresent(field -> fields.putInt(field, Math.max(batchTokens, sequenceCount)));
    layout.contextFixed().forEach(fixed -> fixed.put(fields));
    // Last: what fails before leaves no native context behind, and the batch is freed with us.
    handle = api.llama_init_from_model(model.handle(), parameters);
    if (handle == null) {
      throw new EngineUnavailableException(
          "model.context-tokens = "
              + cells
              + ": llama.cpp can't reserve memory for that many tokens; use a smaller value or"
              + " fewer slots");
    }
    this.cells = api.llama_n_ctx(handle) - spare;
    kv = layout.cells().of(api, handle);
  }

  /** KV cells that can be in use. */
  int cells() {
    return cells;
  }

  /** KV cells that hold a token of some sequence; asks for them only where the build tells. */
  int usedCells() {
    return kv.used().orElseThrow();
  }

  /** Most tokens of a batch. */
  int capacity() {
    return capacity;
  }

  /** Tokens in the batch. */
  int size() {
    return size;
  }

  /** Tokens of the batch that logits are wanted after. */
  int outputs() {
    return rows;
  }

  /** Room for more tokens, under the batch's limit. */
  int room() {
    return limit - size;
  }

  /** Begins a batch that may be as large as it can be. */
  void clearBatch() {
    clearBatch(capacity);
  }

  /**
   * Begins a batch.
   *
   * @param most tokens that it shall hold; more can be added up to {@link #capacity()}
   */
  void clearBatch(int most) {
    limit = most;
    size = 0;
    rows = 0;
  }

  /** Sets how many tokens the batch that has been begun shall hold. */
  void limit(int most) {
    limit = Math.min(most, capacity);
  }

  /** Takes the last tokens out of the batch again; all of them were to be outputs. */
  void takeBack(int count) {
    size -= count;
    rows -= count;
  }

  /**
   * Adds a token.
   *
   * @param output whether logits are wanted after it
   * @return the row of its logits, or -1
   */
  int add(int token, int position, int sequence, boolean output) {
    tokens.setInt(4L * size, token);
    positions.setInt(4L * size, position);
    sequences.setInt(4L * size, sequence);
    outputs.setByte(size, (byte) (output ? 1 : 0));
    if (output) {
      outputTokens[rows] = size;
    }
    size++;
    return output ? rows++ : -1;
  }

  /**
   * Runs the model over the batch.
   *
   * @throws NativeFaultException if llama.cpp reports a fault; the KV cells are as before
   */
  void decode() {
    int computed = fillUpOutputs();
    int status = fits() ? decodeOnce() : NO_CELLS;
    for (int pass = 0; scattered(status) && pass < DEFRAGMENTATIONS; pass++) {
      // The unified cache wants the cells of a batch in one piece: make the free ones contiguous.
      kv.gather();
      status = decodeOnce();
    }
    if (status != 0) {
      throw new NativeFaultException(
          "llama_decode returned "
              + status
              + " for "
              + size
              + " tokens, with "
              + (kv.used().isPresent() ? kv.used().getAsInt() + " of " : "")
              + cells
              + " KV cells"
              + (kv.used().isPresent() ? " in use" : "")
              + "; its own words are in the log at DEBUG");
    }
    if (rows > 0) {
      locateLogits(computed);
    }
  }

  /**
   * Has logits computed that nobody asked for, where that makes a whole group of two or three rows
   * that would be over: the product with the head is one with weights, too.
   *
   * @return rows that are computed
   */
  private int fillUpOutputs() {
    int over = rows % GROUP_ROWS;
    int missing = over < 2 || size - rows < GROUP_ROWS - over ? 0 : GROUP_ROWS - over;
    int wanted = rows - 1;
    int computed = rows + missing - 1;
    for (int token = size - 1; computed > wanted; token--, computed--) {
      if (wanted >= 0 && outputTokens[wanted] == token) {
        computedRows[wanted--] = computed;
      } else {
        outputs.setByte(token, (byte) 1);
      }
    }
    for (; wanted >= 0; wanted--) {
      computedRows[wanted] = wanted;
    }
    return rows + missing;
  }

  /** Whether there are cells enough; true where the build does not tell. */
  private boolean fits() {
    OptionalInt used = kv.used();
    return used.isEmpty() || size <= cells - used.getAsInt();
  }

  /** Whether there are cells enough, only not in one piece. */
  private boolean scattered(int status) {
    return (status == NO_CELLS || status == NO_CELLS_OR_FAILED) && kv.used().isPresent() && fits();
  }

  private int decodeOnce() {
    batch.tokens = size;
    batch.token = tokens;
    batch.position = positions;
    batch.sequences = sequenceCounts;
    batch.sequence = sequencePointers;
    batch.output = outputs;
    return LlamaLog.answeringFor(() -> api.llama_decode(handle, batch));
  }

  private void locateLogits(int computed) {
    long address = api.llama_get_logits(handle);
    if (address != logitsAddress || computed > logitsRows) {
      logits =
          new Pointer(address)
              .getByteBuffer(0, (long) computed * vocabularySize * Float.BYTES)
              .asFloatBuffer();
      logitsAddress = address;
      logitsRows = computed;
    }
  }

  /** The logits of a row; valid until the next row is asked for or the next batch is run. */
  Logits logits(int wanted) {
    return row.at(logits, computedRows[wanted] * vocabularySize);
  }

  /** Lets another sequence share the cells of a sequence, from one position up to another. */
  void share(int source, int target, int from, int to) {
    kv.share(source, target, from, to);
  }

  /** Takes a sequence off its cells from a position on; cells without a sequence are free. */
  void forget(int sequence, int from) {
    kv.remove(sequence, from);
  }

  /** Takes all sequences off their cells. */
  void forgetAll() {
    kv.clear();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      api.llama_free(handle);
      outputs.close();
      sequences.close();
      sequencePointers.close();
      sequenceCounts.close();
      positions.close();
      tokens.close();
    }
  }
}
