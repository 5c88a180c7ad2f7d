package io.kaiseki.inference.llamacpp;

import com.sun.jna.Pointer;
import java.util.OptionalInt;

/** The KV cells of a context, through the functions that its build of llama.cpp has for them. */
sealed interface KvCells {

  /** How a build names the functions. */
  enum Api {
    /** {@code llama_kv_self_*} on the context. A batch needs free cells in one piece. */
    SELF {
      @Override
      KvCells of(LlamaApi api, Pointer context) {
        return new OnContext(api, context);
      }

      @Override
      long mostSequences(LlamaApi api) {
        return Integer.MAX_VALUE;
      }

      /**
       * After it has gathered cells, b4916 tries out a batch of the largest size behind those in
       * use, and aborts the process if that goes past the last cell.
       */
      @Override
      int spare(int batchTokens) {
        return batchTokens;
      }
    },
    /** {@code llama_memory_*} on the context's memory. A batch takes free cells anywhere. */
    MEMORY {
      @Override
      KvCells of(LlamaApi api, Pointer context) {
        return new OnMemory(api, api.llama_get_memory(context));
      }

      @Override
      long mostSequences(LlamaApi api) {
        return api.llama_max_parallel_sequences();
      }

      @Override
      int spare(int batchTokens) {
        return 0;
      }
    };

    abstract KvCells of(LlamaApi api, Pointer context);

    /** Sequences that a context can have at most. */
    abstract long mostSequences(LlamaApi api);

    /** Cells that a context must have beyond those that are ever in use. */
    abstract int spare(int batchTokens);
  }

  /** Takes all sequences off their cells. */
  void clear();

  /** Takes a sequence off its cells from a position on; cells without a sequence are free. */
  void remove(int sequence, int from);

  /** Lets another sequence share the cells of a sequence, from one position up to another. */
  void share(int source, int target, int from, int to);

  /** Cells that hold a token of some sequence; empty where the build does not tell. */
  OptionalInt used();

  /** Brings free cells together; does nothing where the build has no need of it. */
  void gather();

  record OnContext(LlamaApi api, Pointer context) implements KvCells {

    @Override
    public void clear() {
      api.llama_kv_self_clear(context);
    }

    @Override
    public void remove(int sequence, int from) {
      api.llama_kv_self_seq_rm(context, sequence, from, -1);
    }

    @Override
    public void share(int source, int target, int from, int to) {
      api.llama_kv_self_seq_cp(context, source, target, from, to);
    }

    @Override
    public OptionalInt used() {
      return OptionalInt.of(api.llama_kv_self_used_cells(context));
    }

    @Override
    public void gather() {
      api.llama_kv_self_defrag(context);
      api.llama_kv_self_update(context);
    }
  }

  record OnMemory(LlamaApi api, Pointer memory) implements KvCells {

    @Override
    public void clear() {
      // The cells' content need not be wiped: nothing reads a cell without a sequence.
      api.llama_memory_clear(memory, (byte) 0);
    }

    @Override
    public void remove(int sequence, int from) {
      api.llama_memory_seq_rm(memory, sequence, from, -1);
    }

    @Override
    public void share(int source, int target, int from, int to) {
      api.llama_memory_seq_cp(memory, source, target, from, to);
    }

    @Override
    public OptionalInt used() {
      return OptionalInt.empty();
    }

    @Override
    public void gather() {}
  }
}
