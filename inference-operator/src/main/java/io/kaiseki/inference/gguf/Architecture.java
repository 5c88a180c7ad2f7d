package io.kaiseki.inference.gguf;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The model families that may reach native code. DeepSeek-R1 distillations are {@code qwen2} and
 * {@code llama}, the 0528 release is {@code qwen3}. A family stands here only if {@link
 * TensorLayout} knows all of its tensors.
 */
public enum Architecture {
  QWEN2("qwen2"),
  LLAMA("llama"),
  /** Needs a llama.cpp of April 2025 or later; the library that ships is older. */
  QWEN3("qwen3");

  private final String id;

  Architecture(String id) {
    this.id = id;
  }

  /** The value of {@code general.architecture} and the prefix of the family's metadata keys. */
  public String id() {
    return id;
  }

  /** The metadata key of one of this family's hyper-parameters. */
  public String key(String parameter) {
    return id + "." + parameter;
  }

  static Optional<Architecture> withId(String id) {
    return Arrays.stream(values()).filter(architecture -> architecture.id.equals(id)).findFirst();
  }

  static String ids() {
    return Arrays.stream(values()).map(Architecture::id).collect(Collectors.joining(", "));
  }
}
