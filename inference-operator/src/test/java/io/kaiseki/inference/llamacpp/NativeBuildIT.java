package io.kaiseki.inference.llamacpp;

import static io.kaiseki.inference.llamacpp.AnswerAssertions.assertValid;
import static io.kaiseki.inference.llamacpp.Requests.answered;
import static io.kaiseki.inference.llamacpp.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.jna.Pointer;
import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.FieldConfidence;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.llamacpp.build.BuildInstaller;
import io.kaiseki.inference.llamacpp.build.BuildRefusedException;
import io.kaiseki.inference.llamacpp.build.InstalledBuild;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The current build of llama.cpp, as npm has it, beside the one that ships. */
class NativeBuildIT {

  private static final String CACHE = "kaiseki.cache";

  private static final Schema NOTE =
      Requests.schema(
          """
          {"type": "record", "name": "Note", "fields": [
            {"name": "urgent", "type": "boolean"},
            {"name": "kind", "type": {"type": "enum", "name": "Kind",
              "symbols": ["billing", "billing_dispute", "delivery", "delivery_late", "other"]}},
            {"name": "words", "type": "string", "quote": true, "maxLength": 24},
            {"name": "note", "type": "string", "maxLength": 24}
          ]}
          """);

  @TempDir Path directory;

  private final String cache = System.getProperty(CACHE, "");
  private InstalledBuild installed;

  @BeforeEach
  void install() {
    installed = CurrentBuild.installed();
    System.setProperty(CACHE, CurrentBuild.CACHE.toString());
  }

  @AfterEach
  void give_the_cache_back() {
    System.setProperty(CACHE, cache);
  }

  @Test
  void the_best_that_is_installed_is_taken_and_named_in_the_provenance() throws Exception {
    try (InferenceEngine engine = acquire(TinyModel.file(), "auto")) {
      assertThat(engine.description().build())
          .startsWith("llama.cpp v0.5.0 (node-llama-cpp 3.22.1), cpu ");
      answered(engine.submit(request(analysis(ReasoningPolicy.OFF), "d", "A document.")));
    }
    try (InferenceEngine engine = acquire(TinyModel.file(), "shipped")) {
      assertThat(engine.description().build()).isEqualTo("b4916");
    }
    assertThat(LlamaLibrary.load("v0.5.0")).isSameAs(LlamaLibrary.load("auto"));
    assertThat(LlamaLibrary.load(installed.library().toString()))
        .isSameAs(LlamaLibrary.load("auto"));
  }

  @Test
  void both_builds_in_one_process_answer_alike() throws Exception {
    Analysis analysis = analysis(ReasoningPolicy.OFF);
    try (InferenceEngine shipped = acquire(TinyModel.file(), "shipped");
        InferenceEngine current = acquire(TinyModel.file(), "auto")) {
      int labels = 0;
      int equal = 0;
      for (int i = 0; i < 24; i++) {
        String text = "Order " + i + " is late.";
        Completion one = answered(shipped.submit(request(analysis, "d" + i, text)));
        Completion other = answered(current.submit(request(analysis, "d" + i, text)));
        assertValid(other.answer(), text);
        FieldConfidence urgent = one.confidences().get(0);
        assertThat(other.confidences().get(0).distribution().get(urgent.label()))
            .isCloseTo(urgent.probability(), within(0.05));
        for (int label = 0; label < one.confidences().size(); label++) {
          labels++;
          equal +=
              one.confidences().get(label).label().equals(other.confidences().get(label).label())
                  ? 1
                  : 0;
        }
      }
      // Their kernels round differently, and a near tie may then fall the other way.
      assertThat((double) equal / labels).isGreaterThan(0.9);
    }
  }

  @Test
  void an_installed_build_that_is_damaged_is_passed_over_and_refused_by_name() throws Exception {
    System.setProperty(CACHE, directory.toString());
    InstalledBuild damaged = copied();
    Path base = damaged.directory().resolve("libggml-base.so");
    byte[] bytes = Files.readAllBytes(base);
    bytes[bytes.length / 2] ^= 1;
    Files.write(base, bytes);

    assertThat(LibraryChoice.of("auto").library().build()).isEqualTo("b4916");
    assertThat(LibraryChoice.of("auto").why()).contains("the installed v0.5.0 can't be used");
    assertThatThrownBy(() -> LlamaLibrary.load("v0.5.0"))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContainingAll(
            "model.library", "libggml-base.so has the SHA-256", "kaiseki native add v0.5.0");
  }

  @Test
  void a_build_that_is_not_installed_is_refused_by_name_with_what_to_do() {
    System.setProperty(CACHE, directory.toString());

    assertThatThrownBy(() -> LlamaLibrary.load("v0.5.0"))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContainingAll("model.library = v0.5.0", "run 'kaiseki native add v0.5.0'");
    assertThat(LibraryChoice.of("auto").library().build()).isEqualTo("b4916");
  }

  @Test
  void a_second_copy_in_one_process_is_refused_since_the_two_would_get_mixed_up() throws Exception {
    LlamaLibrary.load("v0.5.0");
    System.setProperty(CACHE, directory.toString());
    InstalledBuild second = copied();

    assertThatThrownBy(() -> LlamaLibrary.load(second.library().toString()))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContainingAll(second.library().toString(), "beside", "another process");
  }

  @Test
  void a_child_process_tells_what_a_build_is_and_what_suits_this_cpu() {
    NativeProbe probe = NativeProbe.inChild(installed);

    assertThat(probe.scores()).containsOnlyKeys(CurrentBuild.PINNED.variants());
    assertThat(probe.scores().values()).anyMatch(score -> score > 0);
    assertThat(probe.build()).isEqualTo(LlamaLibrary.load("v0.5.0").build());
  }

  @Test
  void a_build_that_does_not_load_takes_only_the_child_process_down() throws Exception {
    System.setProperty(CACHE, directory.toString());
    InstalledBuild broken = copied();
    byte[] bytes = Files.readAllBytes(broken.library());
    Files.write(broken.library(), Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(() -> NativeProbe.inChild(broken))
        .isInstanceOf(BuildRefusedException.class)
        .hasMessageContaining("does not work on this machine");
  }

  @Test
  void a_package_from_a_file_is_installed_after_a_trial() throws Exception {
    System.setProperty(CACHE, directory.toString());
    List<NativeProbe> probes = new ArrayList<>();

    InstalledBuild fresh =
        new BuildInstaller(candidate -> probes.add(NativeProbe.inChild(candidate)))
            .install(CurrentBuild.PINNED, CurrentBuild.archive());

    assertThat(fresh.problem()).isEmpty();
    assertThat(probes).hasSize(1);
  }

  @Test
  void a_model_of_a_newer_family_runs_on_the_current_build_only() throws Exception {
    Analysis analysis = analysis(new ReasoningPolicy.WhenUnsure(0.999, 24));
    int thought = 0;
    try (InferenceEngine engine = acquire(TinyModel.qwen3(), "auto")) {
      for (int i = 0; i < 6; i++) {
        String text = "Order " + i + " is late.";
        Completion completion = answered(engine.submit(request(analysis, "d" + i, text)));
        assertValid(completion.answer(), text);
        thought += completion.usage().reasoning() > 0 ? 1 : 0;
      }
    }
    assertThat(thought).as("answers that were taken back to think").isPositive();

    LlamaCppSettings shipped = settings(TinyModel.qwen3(), "shipped");
    assertThatThrownBy(() -> LlamaCppEngine.source(shipped).acquire())
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContainingAll(
            "tiny-qwen3.gguf", "qwen3", "b4916 does not know", "kaiseki native add v0.5.0");
    assertThat(LlamaCppEngine.unsupported(shipped, ModelFile.open(TinyModel.qwen3()))).isPresent();
    assertThat(
            LlamaCppEngine.unsupported(
                settings(TinyModel.qwen3(), "auto"), ModelFile.open(TinyModel.qwen3())))
        .isEmpty();
  }

  @Test
  void cells_scattered_one_by_one_take_a_batch_as_they_are() {
    LlamaLibrary library = LlamaLibrary.load("v0.5.0");
    try (NativeModel model = new NativeModel(library, ModelFile.open(TinyModel.deep()));
        NativeContext context = new NativeContext(model, 2_048, 256, 3, 1)) {
      for (int from = 0; from < 2_048; from += 256) {
        context.clearBatch();
        for (int i = 0; i < 256; i++) {
          context.add(100 + i, (from + i) / 2, i % 2, false);
        }
        context.decode();
      }
      assertThatThrownBy(() -> decodeOne(context)).isInstanceOf(NativeFaultException.class);
      context.forget(1, 0);
      context.clearBatch();
      for (int i = 0; i < 256; i++) {
        context.add(100 + i, i, 2, i == 255);
      }
      context.decode();
      assertThat(context.logits(0).get(0)).isFinite();
    }
  }

  @Test
  void a_batch_smaller_than_the_number_of_sequences_does_not_end_the_process() {
    LlamaLibrary library = LlamaLibrary.load("v0.5.0");
    try (NativeModel model = new NativeModel(library, ModelFile.open(TinyModel.narrow()));
        NativeContext context = new NativeContext(model, 1_024, 32, 100, 1)) {
      decodeOne(context);
      assertThat(context.logits(0).get(0)).isFinite();
    }
  }

  @Test
  void every_token_of_a_batch_may_have_logits_even_of_one_sequence() {
    LlamaLibrary library = LlamaLibrary.load("v0.5.0");
    try (NativeModel model = new NativeModel(library, ModelFile.open(TinyModel.narrow()));
        NativeContext context = new NativeContext(model, 1_024, 64, 2, 1)) {
      context.clearBatch();
      for (int i = 0; i < 64; i++) {
        assertThat(context.add(100 + i, i, 0, true)).isEqualTo(i);
      }
      context.decode();
      for (int i = 0; i < 64; i++) {
        assertThat(context.logits(i).get(0)).isFinite();
      }
    }
  }

  @Test
  void sequences_beyond_what_the_build_can_take_are_refused_as_too_many_slots() {
    LlamaCppSettings many =
        new LlamaCppSettings(TinyModel.narrow().toString(), "", 400, 8_192, 512, 1, "auto", 0);

    assertThatThrownBy(() -> LlamaCppEngine.source(many).acquire())
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContainingAll("model.slots", "256 sequences");
  }

  @Test
  void every_field_that_the_engine_sets_comes_back_through_the_library() throws Exception {
    NativeLayout layout = LlamaLibrary.load("v0.5.0").layout();
    try (BareContext context =
        new BareContext(
            List.of(
                fields -> fields.putInt(layout.contextTokens(), 1_024),
                fields -> fields.putInt(layout.batchTokens(), 96),
                fields -> fields.putInt(layout.microBatchTokens(), 64),
                fields -> fields.putInt(layout.sequences(), 4),
                fields -> fields.putInt(layout.threads(), 3),
                fields -> fields.putInt(layout.batchThreads(), 2),
                fields -> layout.contextFixed().forEach(fixed -> fixed.put(fields))))) {
      assertThat(context.ask("llama_n_ctx")).isEqualTo(1_024);
      assertThat(context.ask("llama_n_batch")).isEqualTo(96);
      assertThat(context.ask("llama_n_ubatch")).isEqualTo(64);
      assertThat(context.ask("llama_n_seq_max")).isEqualTo(4);
      assertThat(context.ask("llama_n_threads")).isEqualTo(3);
      assertThat(context.ask("llama_n_threads_batch")).isEqualTo(2);
      assertThat(context.ask("llama_n_ctx_seq")).as("one pool for all").isEqualTo(1_024);
    }
    try (BareContext apart =
        new BareContext(
            List.of(
                fields -> fields.putInt(layout.contextTokens(), 1_024),
                fields -> fields.putInt(layout.sequences(), 4)))) {
      assertThat(apart.ask("llama_n_ctx_seq")).as("a pool for each").isEqualTo(256);
    }
  }

  @Test
  void types_of_keys_and_values_and_flash_attention_stand_where_the_layout_says() {
    NativeLayout layout = LlamaLibrary.load("v0.5.0").layout();
    int q8 = 8;
    long plain = stateBytes(List.of());
    assertThat(stateBytes(List.of(fields -> fields.putInt(layout.keyType(), q8))))
        .isLessThan(plain);
    assertThat(
            stateBytes(
                List.of(
                    fields -> fields.putInt(layout.keyType(), q8),
                    fields -> fields.putInt(layout.valueType(), q8),
                    fields -> layout.flashAttention().put(fields, 1))))
        .as("values are smaller as well")
        .isLessThan(stateBytes(List.of(fields -> fields.putInt(layout.keyType(), q8))));
    // Quantised values need flash attention, so the library refuses them where it is off.
    assertThatThrownBy(
            () ->
                stateBytes(
                    List.of(
                        fields -> fields.putInt(layout.valueType(), q8),
                        fields -> layout.flashAttention().put(fields, 0))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void weights_are_mapped_where_the_layout_says_so_and_not_otherwise() throws Exception {
    LlamaLibrary library = LlamaLibrary.load("v0.5.0");
    Path file = Files.copy(TinyModel.file(), directory.resolve("mapped.gguf"));
    assertThat(mappedWhileLoaded(library, file, 1)).isTrue();
    assertThat(mappedWhileLoaded(library, file, 0)).isFalse();
  }

  private static boolean mappedWhileLoaded(LlamaLibrary library, Path file, int mode)
      throws IOException {
    LlamaApi.Parameters parameters = library.api().llama_model_default_params();
    library.layout().fileMapping().put(LlamaLibrary.littleEndian(parameters), mode);
    Pointer model = library.api().llama_model_load_from_file(file.toString(), parameters);
    try {
      return Files.readAllLines(Path.of("/proc/self/maps")).stream()
          .anyMatch(line -> line.endsWith(file.toString()));
    } finally {
      library.api().llama_model_free(model);
    }
  }

  /** Bytes that 64 tokens take in a context with these fields set. */
  private long stateBytes(List<Consumer<ByteBuffer>> settings) {
    try (BareContext context = new BareContext(settings)) {
      return context.stateBytes();
    }
  }

  private static void decodeOne(NativeContext context) {
    context.clearBatch();
    context.add(100, 0, 2, true);
    context.decode();
  }

  private InstalledBuild copied() throws IOException {
    InstalledBuild copy = InstalledBuild.inCache(CurrentBuild.PINNED);
    Files.createDirectories(copy.directory());
    try (Stream<Path> files = Files.list(installed.directory())) {
      for (Path file : files.toList()) {
        Path target = copy.directory().resolve(file.getFileName());
        Files.write(target, Files.readAllBytes(file));
      }
    }
    return copy;
  }

  private static Analysis analysis(ReasoningPolicy reasoning) {
    return Requests.analysis("native", NOTE, reasoning);
  }

  private static InferenceEngine acquire(Path model, String library) {
    return LlamaCppEngine.source(settings(model, library)).acquire();
  }

  private static LlamaCppSettings settings(Path model, String library) {
    return new LlamaCppSettings(model.toString(), "", 2, 8_192, 512, 1, library, 0);
  }
}
