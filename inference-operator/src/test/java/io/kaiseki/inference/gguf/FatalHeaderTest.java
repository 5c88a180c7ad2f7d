package io.kaiseki.inference.gguf;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers that llama.cpp does not refuse but asserts on, which ends the process. */
class FatalHeaderTest {

  static Stream<PreflightTest.Refusal> refuses() {
    return Stream.of(
        fatal(
            "experts in use where there are none",
            r -> r.uint32("qwen2.expert_used_count", 2),
            "qwen2.expert_used_count is 2, but it has no experts"),
        fatal(
            "groups of experts where there are none",
            r -> r.uint32("qwen2.expert_group_count", 4),
            "qwen2.expert_group_count is 4, but it has no experts"),
        fatal(
            "a scaling of the context that has another name",
            r -> r.text("qwen2.rope.scaling.type", "dynamic"),
            "rope.scaling.type is 'dynamic', expected one of none, linear, yarn, longrope"),
        fatal(
            "a rotation narrower than a head",
            r -> r.uint32("qwen2.rope.dimension_count", 4),
            "rope.dimension_count is 4, which does not fit heads of 8"),
        fatal(
            "values shorter than keys",
            r -> r.uint32("qwen2.attention.value_length", 4),
            "attention.value_length is 4, but keys are 8 long"),
        fatal(
            "keys longer than values",
            r -> r.uint32("qwen2.attention.key_length", 16),
            "attention.value_length is 8, but keys are 16 long"),
        fatal(
            "tensors that lie closer than mapped memory may be cut",
            r -> {
              r.uint32("general.alignment", 16);
              r.alignment = 16;
            },
            "general.alignment is 16, expected a power of two from 32 to 65,536"));
  }

  @ParameterizedTest
  @MethodSource
  void refuses(PreflightTest.Refusal refusal) {
    RawGguf raw = RawGguf.valid();
    refusal.change().accept(raw);

    assertThatThrownBy(raw::open)
        .isInstanceOf(InvalidModelFileException.class)
        .hasMessageContainingAll(refusal.says().toArray(CharSequence[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "linear", "yarn", "longrope"})
  void a_scaling_that_llama_cpp_knows_passes(String scaling) {
    RawGguf raw = RawGguf.valid();
    raw.text("qwen2.rope.scaling.type", scaling);

    assertThatCode(raw::open).doesNotThrowAnyException();
  }

  private static PreflightTest.Refusal fatal(
      String name, Consumer<RawGguf> change, String... says) {
    return new PreflightTest.Refusal(name, change, List.of(says));
  }
}
