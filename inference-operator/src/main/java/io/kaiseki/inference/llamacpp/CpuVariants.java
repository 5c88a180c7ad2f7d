package io.kaiseki.inference.llamacpp;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.llamacpp.build.InstalledBuild;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The libraries of a build for the CPUs of each generation. Each tells how well it fits the CPU
 * that it runs on; the best is taken. llama.cpp could search the directory itself, but would then
 * load whatever it finds there and not say what it took.
 */
final class CpuVariants {

  private static final Set<String> AVX_512 =
      Set.of(
          "skylakex",
          "cannonlake",
          "cascadelake",
          "icelake",
          "cooperlake",
          "zen4",
          "sapphirerapids");

  private CpuVariants() {}

  /** What each variant says of this CPU: 0 if it can't run here, and more the better it fits. */
  static Map<String, Integer> scores(InstalledBuild installed) {
    Map<String, Integer> scores = new LinkedHashMap<>();
    for (String variant : installed.build().variants()) {
      try (NativeLibrary library = open(path(installed, variant))) {
        scores.put(variant, library.getFunction("ggml_backend_score").invokeInt(new Object[0]));
      }
    }
    return scores;
  }

  /**
   * Loads the one that fits best.
   *
   * @param library llama.cpp's own library, which is loaded
   * @return its name
   */
  static String loadBest(NativeLibrary library, InstalledBuild installed) {
    String best =
        scores(installed).entrySet().stream()
            .filter(score -> score.getValue() > 0)
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElseThrow(
                () ->
                    new EngineUnavailableException(
                        "model.library = "
                            + installed.directory()
                            + ": none of its libraries runs on this CPU; there are "
                            + String.join(", ", installed.build().variants())));
    Path path = path(installed, best);
    Pointer registered =
        library.getFunction("ggml_backend_load").invokePointer(new Object[] {path.toString()});
    if (registered == null) {
      throw new EngineUnavailableException("model.library = " + path + " can't be registered");
    }
    return best;
  }

  /** Whether a variant computes with AVX-512. */
  static boolean usesAvx512(String variant) {
    return AVX_512.contains(variant);
  }

  private static NativeLibrary open(Path path) {
    return NativeLibrary.getInstance(path.toString(), LlamaLibrary.OPEN_APART);
  }

  private static Path path(InstalledBuild installed, String variant) {
    return installed.directory().resolve(installed.build().variantLibrary(variant));
  }
}
