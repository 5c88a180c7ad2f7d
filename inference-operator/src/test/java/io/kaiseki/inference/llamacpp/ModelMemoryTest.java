package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.gguf.MemoryEstimate;
import io.kaiseki.inference.gguf.ModelFile;
import io.kaiseki.inference.gguf.ModelShape;
import org.junit.jupiter.api.Test;

/** A model is weighed with all that its context is asked for. */
class ModelMemoryTest {

  private static final int SLOTS = 8;
  private static final int CELLS = 4_096;
  private static final int BATCH = 512;

  private final ModelFile model = ModelFile.open(TinyModel.file());

  @Test
  void cells_to_spare_are_weighed_where_the_build_needs_them() {
    assertThat(memory(CELLS, KvCells.Api.SELF).contextTokens()).isEqualTo(CELLS + BATCH);
    assertThat(memory(CELLS, KvCells.Api.MEMORY).contextTokens()).isEqualTo(CELLS);
  }

  @Test
  void every_sequence_has_a_row_of_logits_and_so_have_drafts_of_a_few_sequences() {
    assertThat(memory(CELLS, KvCells.Api.SELF).outputBytes())
        .isEqualTo(4L * Pace.TILE_ROWS * model.vocabulary().size());
    assertThat(Scheduler.outputs(100)).isEqualTo(Scheduler.sequences(100));
  }

  @Test
  void a_context_as_large_as_can_be_does_not_become_a_small_one() {
    assertThat(memory(Integer.MAX_VALUE, KvCells.Api.SELF).contextTokens())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void what_the_engine_says_beforehand_is_what_it_will_ask_for() {
    LlamaCppSettings settings = settings(CELLS, LlamaCppSettings.SHIPPED_LIBRARY);

    assertThat(ModelMemory.of(settings, model))
        .isEqualTo(memory(CELLS, NativeLayout.B4916.cells()));
  }

  @Test
  void a_shape_is_weighed_as_a_file_is() {
    LlamaCppSettings settings = settings(CELLS, LlamaCppSettings.SHIPPED_LIBRARY);
    MemoryEstimate ofFile = ModelMemory.of(settings, model);

    MemoryEstimate ofShape = ModelMemory.of(settings, ModelShape.TINY);

    assertThat(ofShape.kvBytes()).isEqualTo(ofFile.kvBytes());
    assertThat(ofShape.outputBytes()).isEqualTo(ofFile.outputBytes());
  }

  private MemoryEstimate memory(int contextTokens, KvCells.Api cells) {
    return ModelMemory.of(settings(contextTokens, Requests.library()), model, cells);
  }

  private static LlamaCppSettings settings(int contextTokens, String library) {
    return new LlamaCppSettings(
        TinyModel.file().toString(), "", SLOTS, contextTokens, BATCH, 1, library);
  }
}
