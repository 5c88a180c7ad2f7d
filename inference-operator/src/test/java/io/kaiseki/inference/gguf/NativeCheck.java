package io.kaiseki.inference.gguf;

import com.sun.jna.Callback;
import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * The smallest use of the genuine llama.cpp library (build b4916) that shows whether it accepts a
 * file: load, tokenise, decode once. Parameter structs stay opaque apart from the few fields set.
 */
final class NativeCheck implements AutoCloseable {

  /** Larger than either parameter struct; llama.cpp reads the front. */
  @Structure.FieldOrder("bytes")
  public static final class Parameters extends Structure implements Structure.ByValue {
    public byte[] bytes = new byte[256];

    void int32(int offset, int value) {
      for (int i = 0; i < Integer.BYTES; i++) {
        bytes[offset + i] = (byte) (value >>> 8 * i);
      }
    }
  }

  @Structure.FieldOrder({"count", "tokens", "embeddings", "positions", "counts", "ids", "logits"})
  public static final class Batch extends Structure implements Structure.ByValue {
    public int count;
    public Pointer tokens;
    public Pointer embeddings;
    public Pointer positions;
    public Pointer counts;
    public Pointer ids;
    public Pointer logits;
  }

  /** Receives what llama.cpp logs. */
  public interface LogSink extends Callback {
    void log(int level, Pointer text, Pointer userData);
  }

  /** Refusals are in the results; held here because native code keeps a pointer to it. */
  private static final LogSink SILENCE = (level, text, userData) -> {};

  /** RTLD_NOW without RTLD_GLOBAL: another copy of the library in this process stays apart. */
  private static final Map<String, Object> OPEN_LOCALLY = Map.of(Library.OPTION_OPEN_FLAGS, 2);

  private static final int CONTEXT_TOKENS = 0;
  private static final int THREADS = 16;
  private static final int BATCH_THREADS = 20;

  private final NativeLibrary library;
  private final Pointer model;
  private final Pointer context;
  private final Pointer vocabulary;

  /** Whether the native library has a build for this machine. */
  static boolean isSupported() {
    return resource() != null;
  }

  /**
   * @throws IllegalStateException if llama.cpp refuses the file
   */
  NativeCheck(Path modelFile, Path libraryDirectory) throws IOException {
    Path file = libraryDirectory.resolve("libjllama.so");
    if (!Files.exists(file)) {
      try (InputStream in = resource()) {
        Files.copy(in, file);
      }
    }
    library = NativeLibrary.getInstance(file.toString(), OPEN_LOCALLY);
    function("llama_log_set").invokeVoid(new Object[] {SILENCE, null});
    function("llama_backend_init").invokeVoid(new Object[] {});
    Parameters modelParameters = defaults("llama_model_default_params");
    model =
        pointer("llama_model_load_from_file", "the model", modelFile.toString(), modelParameters);
    vocabulary = pointer("llama_model_get_vocab", "the vocabulary", model);
    Parameters contextParameters = defaults("llama_context_default_params");
    contextParameters.int32(CONTEXT_TOKENS, 256);
    contextParameters.int32(THREADS, 1);
    contextParameters.int32(BATCH_THREADS, 1);
    context = pointer("llama_init_from_model", "a context", model, contextParameters);
  }

  int[] tokenise(String text, boolean special) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[utf8.length + 8];
    int count =
        function("llama_tokenize")
            .invokeInt(
                new Object[] {
                  vocabulary,
                  utf8,
                  utf8.length,
                  tokens,
                  tokens.length,
                  (byte) 0,
                  (byte) (special ? 1 : 0)
                });
    return Arrays.copyOf(tokens, count);
  }

  /** The logits after the last of the tokens. */
  float[] decode(int[] tokens) {
    int count = tokens.length;
    try (Memory ids = new Memory(4L * count);
        Memory positions = new Memory(4L * count);
        Memory counts = new Memory(4L * count);
        Memory sequence = new Memory(4);
        Memory sequences = new Memory(8L * count);
        Memory wanted = new Memory(count)) {
      sequence.setInt(0, 0);
      for (int i = 0; i < count; i++) {
        ids.setInt(4L * i, tokens[i]);
        positions.setInt(4L * i, i);
        counts.setInt(4L * i, 1);
        sequences.setPointer(8L * i, sequence);
        wanted.setByte(i, (byte) (i == count - 1 ? 1 : 0));
      }
      Batch batch = new Batch();
      batch.count = count;
      batch.tokens = ids;
      batch.positions = positions;
      batch.counts = counts;
      batch.ids = sequences;
      batch.logits = wanted;
      function("llama_kv_self_clear").invokeVoid(new Object[] {context});
      int result = function("llama_decode").invokeInt(new Object[] {context, batch});
      if (result != 0) {
        throw new IllegalStateException("llama_decode returned " + result);
      }
      int size = function("llama_vocab_n_tokens").invokeInt(new Object[] {vocabulary});
      return pointer("llama_get_logits_ith", "logits", context, -1).getFloatArray(0, size);
    }
  }

  @Override
  public void close() {
    function("llama_free").invokeVoid(new Object[] {context});
    function("llama_model_free").invokeVoid(new Object[] {model});
  }

  private Parameters defaults(String function) {
    return (Parameters) function(function).invoke(Parameters.class, new Object[] {});
  }

  private Pointer pointer(String function, String what, Object... arguments) {
    Pointer pointer = function(function).invokePointer(arguments);
    if (pointer == null) {
      throw new IllegalStateException("llama.cpp gave no " + what);
    }
    return pointer;
  }

  private Function function(String name) {
    return library.getFunction(name);
  }

  private static InputStream resource() {
    String architecture = Platform.isARM() ? "aarch64" : "x86_64";
    return Platform.isLinux() && Platform.is64Bit()
        ? NativeCheck.class.getResourceAsStream(
            "/de/kherud/llama/Linux/" + architecture + "/libjllama.so")
        : null;
  }
}
