package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.Requests.answered;
import static io.kaiseki.inference.llamacpp.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.ReasoningPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine that can't start says which setting is wrong and what to do, and harms nothing. */
class EngineStartIT {

  private static final String SHA256_OF_NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @TempDir private Path directory;

  @AfterEach
  void good_settings_still_work() throws Exception {
    try (InferenceEngine engine = LlamaCppEngine.source(Requests.settings(2, 8_192)).acquire()) {
      answered(
          engine.submit(
              request(TicketTriage.analysis(ReasoningPolicy.OFF), "after", "My parcel is late.")));
    }
  }

  @Test
  void a_missing_file_is_named() {
    Path missing = directory.resolve("missing.gguf");

    assertRefused(settings(missing), "model.file", missing.toString(), "does not exist");
  }

  @Test
  void a_corrupt_file_is_refused_before_native_code() throws IOException {
    byte[] bytes = Files.readAllBytes(TinyModel.file());
    Path truncated = directory.resolve("truncated.gguf");
    Files.write(truncated, Arrays.copyOf(bytes, bytes.length / 2));
    Path text = directory.resolve("text.gguf");
    Files.writeString(text, "This is no model.");

    assertRefused(settings(truncated), "model.file", truncated.toString(), "download it again");
    assertRefused(settings(text), "model.file", text.toString());
  }

  @Test
  void a_file_with_another_digest_than_the_pinned_one_is_refused_with_both() {
    LlamaCppSettings pinned =
        new LlamaCppSettings(
            TinyModel.file().toString(), SHA256_OF_NOTHING, 1, 4_096, 512, 1, Requests.library());

    assertRefused(pinned, "model.file", TinyModel.file().toString(), SHA256_OF_NOTHING);
  }

  @Test
  void a_digest_that_is_none_is_refused() {
    LlamaCppSettings pinned =
        new LlamaCppSettings(
            TinyModel.file().toString(), "12ab", 1, 4_096, 512, 1, Requests.library());

    assertRefused(pinned, "12ab", "64 hex");
  }

  @Test
  void a_library_that_is_no_library_is_refused() throws IOException {
    Path text = directory.resolve("libllama.so");
    Files.writeString(text, "no library", StandardCharsets.UTF_8);

    assertRefused(library(text), "model.library", text.toString());
    assertRefused(
        library(directory.resolve("missing.so")), "model.library", "missing.so", "no file");
  }

  @Test
  void a_library_that_is_not_llama_cpp_is_refused() throws IOException {
    Optional<Path> c = loadedLibrary("libc.so");
    assumeThat(c).isPresent();

    assertRefused(
        library(c.orElseThrow()), "model.library", "build number", "known for b4916 and 0.5.0");
  }

  @Test
  void a_model_without_the_chat_markers_of_r1_is_refused() {
    assertRefused(
        settings(TinyModel.withoutChatMarkers()),
        "model.file",
        "tiny-no-chat.gguf",
        "</think>",
        "use a DeepSeek-R1 model");
  }

  @Test
  void a_context_beyond_the_memory_is_refused_with_the_arithmetic() {
    assertRefused(
        new LlamaCppSettings(
            TinyModel.file().toString(), "", 1, 2_000_000_000, 512, 1, Requests.library()),
        "model.context-tokens",
        "smaller model.context-tokens",
        "MiB");
  }

  @Test
  void a_file_that_appears_later_is_found_by_the_same_settings() throws Exception {
    Path late = directory.resolve("late.gguf");
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<?>> starts = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        starts.add(threads.submit(() -> assertRefused(settings(late), "does not exist")));
      }
      for (Future<?> start : starts) {
        start.get();
      }
    } finally {
      threads.shutdownNow();
    }

    Files.copy(TinyModel.file(), late);
    try (InferenceEngine engine = LlamaCppEngine.source(settings(late)).acquire()) {
      assertThat(engine.description().model()).isEqualTo("late.gguf");
    }
  }

  private static void assertRefused(LlamaCppSettings settings, String... told) {
    assertThatThrownBy(() -> LlamaCppEngine.source(settings).acquire())
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContainingAll(told);
  }

  private static LlamaCppSettings settings(Path model) {
    return Requests.settings(model, 1, 4_096);
  }

  private static LlamaCppSettings library(Path library) {
    return new LlamaCppSettings(
        TinyModel.file().toString(), "", 1, 4_096, 512, 1, library.toString());
  }

  /** A library of this process, by the beginning of its file name; Linux only. */
  private static Optional<Path> loadedLibrary(String name) throws IOException {
    Path maps = Path.of("/proc/self/maps");
    if (!Files.exists(maps)) {
      return Optional.empty();
    }
    return Files.readAllLines(maps).stream()
        .filter(line -> line.contains("/" + name))
        .map(line -> Path.of(line.substring(line.indexOf('/'))))
        .findFirst();
  }
}
