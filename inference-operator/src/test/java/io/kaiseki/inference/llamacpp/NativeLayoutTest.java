package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.gguf.Architecture;
import io.kaiseki.inference.llamacpp.NativeLayout.Default;
import io.kaiseki.inference.llamacpp.build.PinnedBuild;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The self-check that keeps a library of another layout from corrupting memory. */
class NativeLayoutTest {

  @ParameterizedTest
  @MethodSource("known")
  void a_library_with_the_expected_defaults_is_accepted(NativeLayout layout) {
    assertThat(
            layout.differences(
                defaults(layout.modelDefaults()), defaults(layout.contextDefaults())))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("known")
  void a_layout_with_one_wrong_offset_is_refused_with_what_was_expected_and_found(
      NativeLayout layout) {
    List<Default> wrong =
        layout.contextDefaults().stream()
            .map(
                field ->
                    field.field().equals("n_ubatch")
                        ? Default.int32("n_ubatch", 12, field.value())
                        : field)
            .toList();

    assertThat(
            with(layout, wrong)
                .differences(defaults(layout.modelDefaults()), defaults(layout.contextDefaults())))
        .containsExactly("llama_context_params.n_ubatch at offset 12: expected 512, found 1");
  }

  @ParameterizedTest
  @MethodSource("known")
  void every_difference_is_reported_at_once(NativeLayout layout) {
    ByteBuffer zeros = ByteBuffer.allocate(LlamaApi.Parameters.SIZE);

    assertThat(layout.differences(defaults(layout.modelDefaults()), zeros))
        .contains(
            "llama_context_params.n_ctx at offset 0: expected 512, found 0",
            "llama_context_params.n_batch at offset 4: expected 2048, found 0");
  }

  @Test
  void no_known_layout_takes_the_defaults_of_another() {
    NativeLayout shipped = NativeLayout.B4916;
    NativeLayout current = NativeLayout.V0_5_0;

    assertThat(
            shipped.differences(
                defaults(current.modelDefaults()), defaults(current.contextDefaults())))
        .isNotEmpty();
    assertThat(
            current.differences(
                defaults(shipped.modelDefaults()), defaults(shipped.contextDefaults())))
        .isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("known")
  void every_offset_that_the_engine_writes_is_proved_by_a_default(NativeLayout layout) {
    Stream.concat(
            Stream.of(
                layout.contextTokens(),
                layout.batchTokens(),
                layout.microBatchTokens(),
                layout.sequences(),
                layout.threads(),
                layout.batchThreads(),
                layout.keyType(),
                layout.valueType(),
                layout.flashAttention().offset()),
            Stream.concat(
                layout.outputs().stream().boxed(),
                layout.contextFixed().stream().map(Default::offset)))
        .forEach(
            offset ->
                assertThat(layout.contextDefaults()).extracting(Default::offset).contains(offset));
    Stream.of(layout.gpuLayers(), layout.fileMapping().offset())
        .forEach(
            offset ->
                assertThat(layout.modelDefaults()).extracting(Default::offset).contains(offset));
  }

  @Test
  void every_pinned_build_has_a_known_layout() {
    assertThat(PinnedBuild.all()).isNotEmpty();
    PinnedBuild.all()
        .forEach(
            build ->
                assertThat(NativeLayout.named(build.layout()).architectures())
                    .contains(Architecture.QWEN3));
  }

  private static NativeLayout with(NativeLayout layout, List<Default> contextDefaults) {
    return new NativeLayout(
        layout.name(),
        layout.identity(),
        layout.architectures(),
        layout.cells(),
        layout.gpuLayers(),
        layout.fileMapping(),
        layout.contextTokens(),
        layout.batchTokens(),
        layout.microBatchTokens(),
        layout.sequences(),
        layout.outputs(),
        layout.threads(),
        layout.batchThreads(),
        layout.keyType(),
        layout.valueType(),
        layout.flashAttention(),
        layout.contextFixed(),
        layout.modelDefaults(),
        contextDefaults);
  }

  private static Stream<NativeLayout> known() {
    return NativeLayout.KNOWN.stream();
  }

  private static ByteBuffer defaults(List<Default> fields) {
    ByteBuffer struct =
        ByteBuffer.allocate(LlamaApi.Parameters.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    fields.forEach(field -> field.put(struct));
    return struct;
  }
}
