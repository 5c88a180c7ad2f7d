package io.kaiseki.inference.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelMakerTest {

  @TempDir Path directory;

  @Test
  void equal_seeds_give_equal_files_and_other_seeds_others() throws IOException {
    String first = digestOf(MakeOptions.defaults());

    assertThat(digestOf(MakeOptions.defaults())).isEqualTo(first);
    assertThat(digestOf(MakeOptions.defaults().withSeed(2))).isNotEqualTo(first);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
  void every_type_that_can_be_written_passes_the_preflight(GgmlType type) throws IOException {
    Path file = directory.resolve("typed.gguf");
    ModelMaker.make(ModelShape.TINY, file, MakeOptions.defaults().withTypes(type, type));

    assertThat(ModelFile.open(file).tensorTypes()).containsKey(type);
  }

  @Test
  void a_type_that_cannot_be_written_is_refused_at_once() {
    assertThatThrownBy(() -> MakeOptions.defaults().withTypes(GgmlType.Q4_K, GgmlType.Q8_0))
        .hasMessage("bodyType must be one of [F32, F16, Q4_0, Q8_0, BF16], but is Q4_K");
  }

  @Test
  void think_tokens_can_be_control_tokens() throws IOException {
    Path file = directory.resolve("control.gguf");
    ModelMaker.make(
        ModelShape.TINY, file, MakeOptions.defaults().withThinkTokenType(TokenType.CONTROL));

    assertThat(ModelFile.open(file).vocabulary().find(R1Marker.THINK).orElseThrow().type())
        .isEqualTo(TokenType.CONTROL);
  }

  @Test
  void progress_ends_with_the_size_of_the_file() throws IOException {
    Path file = directory.resolve("progress.gguf");
    List<Long> told = new ArrayList<>();

    ModelMaker.make(
        ModelShape.TINY,
        file,
        MakeOptions.defaults().withProgress((done, total) -> told.add(done)));

    assertThat(told).isSorted().last().isEqualTo(Files.size(file));
  }

  @Test
  void a_directory_as_target_is_refused() {
    assertThatThrownBy(() -> ModelMaker.make(ModelShape.TINY, directory, MakeOptions.defaults()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a directory");
  }

  @Test
  void an_unknown_shape_is_answered_with_the_names_of_the_known() {
    assertThatThrownBy(() -> ModelShape.named("giant"))
        .hasMessage(
            "unknown model shape 'giant'; choose one of deepseek-r1-distill-llama-8b,"
                + " deepseek-r1-distill-qwen-1.5b, deepseek-r1-distill-qwen-7b, tiny, tiny-qwen3");
  }

  @ParameterizedTest
  @CsvSource({
    "deepseek-r1-distill-qwen-1.5b, 1777088000",
    "deepseek-r1-distill-qwen-7b,   7615616512",
    "deepseek-r1-distill-llama-8b,  8030261248"
  })
  void the_published_shapes_have_the_published_number_of_parameters(String name, long parameters) {
    ModelShape shape = ModelShape.named(name);

    long counted =
        TensorLayout.of(shape.hyperparameters(), shape.vocabularySize()).stream()
            .filter(slot -> slot.role() != TensorLayout.Role.ROPE_FACTORS)
            .mapToLong(slot -> slot.dimensions().stream().reduce(1L, Math::multiplyExact))
            .sum();

    assertThat(counted).isEqualTo(parameters);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny",
        "tiny-qwen3",
        "deepseek-r1-distill-qwen-1.5b",
        "deepseek-r1-distill-qwen-7b",
        "deepseek-r1-distill-llama-8b"
      })
  void every_shape_gets_a_full_vocabulary_of_different_tokens(String name) {
    ModelShape shape = ModelShape.named(name);

    TokenTable vocabulary = MadeUpVocabulary.of(shape, TokenType.USER_DEFINED);

    assertThat(vocabulary.tokens()).hasSize(shape.vocabularySize());
    assertThat(new HashSet<>(vocabulary.tokens())).hasSize(shape.vocabularySize());
    assertThat(vocabulary.types()).hasSize(shape.vocabularySize());
    assertThat(shape.vocabularySize() % 32).isZero();
  }

  @Test
  void the_published_shapes_have_their_markers_in_the_published_places() {
    ModelShape qwen = ModelShape.R1_DISTILL_QWEN_7B;
    ModelShape llama = ModelShape.R1_DISTILL_LLAMA_8B;

    assertThat(qwen.idOf(R1Marker.BEGIN_OF_SENTENCE)).isEqualTo(151_646);
    assertThat(qwen.idOf(R1Marker.END_OF_SENTENCE)).isEqualTo(151_643);
    assertThat(qwen.idOf(R1Marker.THINK)).isEqualTo(151_648);
    assertThat(llama.idOf(R1Marker.BEGIN_OF_SENTENCE)).isEqualTo(128_000);
    assertThat(llama.idOf(R1Marker.END_OF_SENTENCE)).isEqualTo(128_001);
    assertThat(llama.idOf(R1Marker.ASSISTANT)).isEqualTo(128_012);
    assertThat(llama.specialTokens()).hasSize(256).doesNotContain("<|EOT|>");
  }

  @Test
  void the_learned_tokens_reach_across_the_punctuation_of_json() {
    TokenTable vocabulary = MadeUpVocabulary.of(ModelShape.TINY, TokenType.USER_DEFINED);

    assertThat(vocabulary.tokens())
        .contains("\":\"", "\",\"", "\":", "},{\"", "{\"", "\"}", "\u0120the");
    assertThat(vocabulary.merges()).hasSizeBetween(2_000, 4_000);
    assertThat(vocabulary.merges())
        .contains("\" :")
        .allMatch(merge -> merge.split(" ").length == 2);
  }

  @Test
  void a_made_up_qwen3_has_normalised_heads_of_their_own_width() throws IOException {
    Path file = directory.resolve("qwen3.gguf");
    ModelMaker.make(ModelShape.TINY_QWEN3, file, MakeOptions.defaults());

    ModelFile model = ModelFile.open(file);

    assertThat(model.hyperparameters()).isEqualTo(ModelShape.TINY_QWEN3.hyperparameters());
    assertThat(model.tensors())
        .extracting(TensorInfo::name)
        .contains("blk.0.attn_q_norm.weight", "blk.1.attn_k_norm.weight")
        .doesNotContain("blk.0.attn_q.bias");
  }

  private String digestOf(MakeOptions options) throws IOException {
    Path file = directory.resolve("seeded.gguf");
    ModelMaker.make(ModelShape.TINY, file, options);
    return FileDigest.sha256(file, ByteProgress.NONE);
  }
}
