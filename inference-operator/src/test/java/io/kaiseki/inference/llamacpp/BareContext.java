package io.kaiseki.inference.llamacpp;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.kaiseki.inference.gguf.ModelFile;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** A context of the current build with chosen fields of its parameters, to ask what arrived. */
final class BareContext implements AutoCloseable {

  private static final int TOKENS = 64;

  private final LlamaLibrary library = LlamaLibrary.load("v0.5.0");
  private final NativeModel model = new NativeModel(library, ModelFile.open(TinyModel.file()));
  private final Pointer handle;

  /**
   * @throws IllegalStateException if the library refuses the parameters
   */
  BareContext(List<Consumer<ByteBuffer>> settings) {
    LlamaApi.Parameters parameters = library.api().llama_context_default_params();
    ByteBuffer fields = LlamaLibrary.littleEndian(parameters);
    settings.forEach(setting -> setting.accept(fields));
    handle = library.api().llama_init_from_model(model.handle(), parameters);
    if (handle == null) {
      model.close();
      throw new IllegalStateException("llama.cpp makes no such context");
    }
  }

  /** What a function of the library says of the context. */
  int ask(String function) {
    return functions().getFunction(function).invokeInt(new Object[] {handle});
  }

  /** Bytes of what the cells of a sequence of some tokens hold. */
  long stateBytes() {
    LlamaApi api = library.api();
    try (Memory tokens = new Memory(4L * TOKENS);
        Memory positions = new Memory(4L * TOKENS);
        Memory counts = new Memory(4L * TOKENS);
        Memory sequence = new Memory(4);
        Memory sequences = new Memory(8L * TOKENS);
        Memory outputs = new Memory(TOKENS)) {
      sequence.setInt(0, 0);
      for (int i = 0; i < TOKENS; i++) {
        tokens.setInt(4L * i, 100 + i);
        positions.setInt(4L * i, i);
        counts.setInt(4L * i, 1);
        sequences.setPointer(8L * i, sequence);
        outputs.setByte(i, (byte) 0);
      }
      LlamaApi.Batch batch = new LlamaApi.Batch();
      batch.tokens = TOKENS;
      batch.token = tokens;
      batch.position = positions;
      batch.sequences = counts;
      batch.sequence = sequences;
      batch.output = outputs;
      if (api.llama_decode(handle, batch) != 0) {
        throw new IllegalStateException("llama_decode failed");
      }
      return functions()
          .getFunction("llama_state_seq_get_size")
          .invokeLong(new Object[] {handle, 0});
    }
  }

  private NativeLibrary functions() {
    return NativeLibrary.getInstance(
        CurrentBuild.installed().library().toString(), LlamaLibrary.OPEN_APART);
  }

  @Override
  public void close() {
    library.api().llama_free(handle);
    model.close();
  }
}
