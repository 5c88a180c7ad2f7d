package io.kaiseki.inference.llamacpp;

import com.sun.jna.Pointer;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.gguf.ModelFile;
import java.nio.ByteBuffer;

/** A model's weights in native memory. */
final class NativeModel implements AutoCloseable {

  private final LlamaLibrary library;
  private final ModelFile file;
  private final Pointer handle;
  private final LlamaVocabulary vocabulary;
  private boolean closed;

  /**
   * Loads a file that has passed the preflight; its pages are mapped, not copied.
   *
   * @throws EngineUnavailableException if llama.cpp refuses it
   */
  NativeModel(LlamaLibrary library, ModelFile file) {
    this.library = library;
    this.file = file;
    LlamaApi.Parameters parameters = library.api().llama_model_default_params();
    ByteBuffer fields = LlamaLibrary.littleEndian(parameters);
    library.layout().fileMapping().put(fields, 1);
    handle = library.api().llama_model_load_from_file(file.path().toString(), parameters);
    if (handle == null) {
      throw new EngineUnavailableException(
          "model.file = "
              + file.path()
              + " is well-formed, but "
              + library.build()
              + " can't load it; its own message stands in the log under io.kaiseki.llama.cpp");
    }
    vocabulary = new LlamaVocabulary(library.api(), library.api().llama_model_get_vocab(handle));
  }

  LlamaLibrary library() {
    return library;
  }

  Pointer handle() {
    return handle;
  }

  /** Whether a context of this model is faster with flash attention. */
  boolean flashAttention() {
    return library.flashAttentionPays(file.hyperparameters());
  }

  LlamaVocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      library.api().llama_model_free(handle);
    }
  }
}
