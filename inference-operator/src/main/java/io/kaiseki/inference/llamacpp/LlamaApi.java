package io.kaiseki.inference.llamacpp;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;

/**
 * The functions of llama.cpp's C API (llama.h) that the engine calls, under their native names.
 * Where builds name a function differently, {@link KvCells} picks it.
 */
interface LlamaApi extends Library {

  /**
   * A parameter struct of unknown size, passed by value. The x86-64 and AArch64 calling conventions
   * pass a struct of this size in memory, and the callee reads only the bytes that it knows, so a
   * larger one than the native struct does no harm.
   */
  @Structure.FieldOrder("bytes")
  class Parameters extends Structure implements Structure.ByValue {
    public static final int SIZE = 256;
    public byte[] bytes = new byte[SIZE];
  }

  /** {@code llama_batch}. */
  @Structure.FieldOrder({
    "tokens",
    "token",
    "embeddings",
    "position",
    "sequences",
    "sequence",
    "output"
  })
  class Batch extends Structure implements Structure.ByValue {
    public int tokens;
    public Pointer token;
    public Pointer embeddings;
    public Pointer position;
    public Pointer sequences;
    public Pointer sequence;
    public Pointer output;
  }

  /** {@code ggml_log_callback}. */
  interface LogCallback extends Callback {
    void log(int level, Pointer text, Pointer userData);
  }

  void llama_backend_init();

  void llama_log_set(LogCallback callback, Pointer userData);

  Parameters llama_model_default_params();

  Parameters llama_context_default_params();

  Pointer llama_model_load_from_file(String path, Parameters parameters);

  void llama_model_free(Pointer model);

  Pointer llama_init_from_model(Pointer model, Parameters parameters);

  void llama_free(Pointer context);

  Pointer llama_model_get_vocab(Pointer model);

  int llama_model_n_ctx_train(Pointer model);

  int llama_vocab_n_tokens(Pointer vocab);

  int llama_vocab_bos(Pointer vocab);

  byte llama_vocab_get_add_bos(Pointer vocab);

  int llama_vocab_get_attr(Pointer vocab, int token);

  Pointer llama_vocab_get_text(Pointer vocab, int token);

  int llama_token_to_piece(
      Pointer vocab, int token, Pointer buffer, int length, int leadingSpaces, byte special);

  int llama_tokenize(
      Pointer vocab,
      Pointer text,
      int textLength,
      Pointer tokens,
      int tokensMax,
      byte addSpecial,
      byte parseSpecial);

  int llama_n_ctx(Pointer context);

  int llama_decode(Pointer context, Batch batch);

  long llama_get_logits(Pointer context);

  // Builds up to mid-2025 keep these functions on the context ...

  void llama_kv_self_clear(Pointer context);

  byte llama_kv_self_seq_rm(Pointer context, int sequence, int from, int to);

  void llama_kv_self_seq_cp(Pointer context, int source, int target, int from, int to);

  int llama_kv_self_used_cells(Pointer context);

  void llama_kv_self_defrag(Pointer context);

  void llama_kv_self_update(Pointer context);

  // ... and later ones on its memory.

  long llama_max_parallel_sequences();

  Pointer llama_get_memory(Pointer context);

  void llama_memory_clear(Pointer memory, byte data);

  byte llama_memory_seq_rm(Pointer memory, int sequence, int from, int to);

  void llama_memory_seq_cp(Pointer memory, int source, int target, int from, int to);
}
