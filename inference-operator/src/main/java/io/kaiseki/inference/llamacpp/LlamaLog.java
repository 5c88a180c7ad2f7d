package io.kaiseki.inference.llamacpp;

import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes llama.cpp's log lines to slf4j, one level lower: its warnings speak of odd but harmless
 * settings in nearly every file, and its informative lines are many and for developers.
 */
final class LlamaLog {

  private static final Logger LOG = LoggerFactory.getLogger("io.kaiseki.llama.cpp");

  // ggml_log_level of ggml.h.
  private static final int WARN = 3;
  private static final int ERROR = 4;

  private static final ThreadLocal<Boolean> ANSWERED_FOR = ThreadLocal.withInitial(() -> false);

  private LlamaLog() {}

  /**
   * Makes a call whose errors the caller answers for, by trying again or by an exception: what
   * llama.cpp says of them on this thread comes out at DEBUG.
   */
  static int answeringFor(IntSupplier call) {
    ANSWERED_FOR.set(true);
    try {
      return call.getAsInt();
    } finally {
      ANSWERED_FOR.set(false);
    }
  }

  static LlamaApi.LogCallback callback() {
    return (level, text, userData) -> {
      String line = LlamaLibrary.utf8(text).stripTrailing();
      if (line.isEmpty()) {
        return;
      }
      switch (ANSWERED_FOR.get() ? 0 : level) {
        case ERROR -> LOG.error("{}", line);
        case WARN -> LOG.info("{}", line);
        default -> LOG.debug("{}", line);
      }
    };
  }
}
