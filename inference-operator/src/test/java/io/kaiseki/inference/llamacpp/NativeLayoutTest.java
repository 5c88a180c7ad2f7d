package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.llamacpp.NativeLayout.Default;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The self-check that keeps a library of another layout from corrupting memory. */
class NativeLayoutTest {

  private static final NativeLayout LAYOUT = NativeLayout.B4916;

  @Test
  void a_library_with_the_expected_defaults_is_accepted() {
    assertThat(LAYOUT.differences(defaults(LAYOUT.modelDefaults()), contextDefaults())).isEmpty();
  }

  @Test
  void a_layout_with_one_wrong_offset_is_refused_with_what_was_expected_and_found() {
    List<Default> wrong =
        LAYOUT.contextDefaults().stream()
            .map(
                field ->
                    field.field().equals("n_ubatch")
                        ? Default.int32("n_ubatch", 12, field.value())
                        : field)
            .toList();

    assertThat(with(wrong).differences(defaults(LAYOUT.modelDefaults()), contextDefaults()))
        .containsExactly("llama_context_params.n_ubatch at offset 12: expected 512, found 1");
  }

  @Test
  void every_difference_is_reported_at_once() {
    ByteBuffer zeros = ByteBuffer.allocate(LlamaApi.Parameters.SIZE);

    assertThat(LAYOUT.differences(defaults(LAYOUT.modelDefaults()), zeros))
        .contains(
            "llama_context_params.n_ctx at offset 0: expected 512, found 0",
            "llama_context_params.n_batch at offset 4: expected 2048, found 0");
  }

  @Test
  void every_offset_that_the_engine_writes_is_proved_by_a_default() {
    Stream.of(
            LAYOUT.contextTokens(),
            LAYOUT.batchTokens(),
            LAYOUT.microBatchTokens(),
            LAYOUT.sequences(),
            LAYOUT.threads(),
            LAYOUT.batchThreads(),
            LAYOUT.keyType(),
            LAYOUT.valueType(),
            LAYOUT.flashAttention())
        .forEach(
            offset ->
                assertThat(LAYOUT.contextDefaults()).extracting(Default::offset).contains(offset));
    Stream.of(LAYOUT.gpuLayers(), LAYOUT.useMmap())
        .forEach(
            offset ->
                assertThat(LAYOUT.modelDefaults()).extracting(Default::offset).contains(offset));
  }

  private static NativeLayout with(List<Default> contextDefaults) {
    return new NativeLayout(
        LAYOUT.build(),
        LAYOUT.gpuLayers(),
        LAYOUT.useMmap(),
        LAYOUT.contextTokens(),
        LAYOUT.batchTokens(),
        LAYOUT.microBatchTokens(),
        LAYOUT.sequences(),
        LAYOUT.threads(),
        LAYOUT.batchThreads(),
        LAYOUT.keyType(),
        LAYOUT.valueType(),
        LAYOUT.flashAttention(),
        LAYOUT.modelDefaults(),
        contextDefaults);
  }

  private static ByteBuffer contextDefaults() {
    return defaults(LAYOUT.contextDefaults());
  }

  private static ByteBuffer defaults(List<Default> fields) {
    ByteBuffer struct =
        ByteBuffer.allocate(LlamaApi.Parameters.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    for (Default field : fields) {
      if (field.width() == 1) {
        struct.put(field.offset(), (byte) field.value());
      } else {
        struct.putInt(field.offset(), (int) field.value());
      }
    }
    return struct;
  }
}
