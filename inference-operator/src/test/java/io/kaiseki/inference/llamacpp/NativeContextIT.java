package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kaiseki.inference.contract.Logits;
import io.kaiseki.inference.gguf.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The KV cells of the genuine library, and what happens when they run out. */
class NativeContextIT {

  private static final int BATCH = 256;

  @Test
  void cells_scattered_one_by_one_are_brought_together_even_in_the_deepest_model() {
    try (NativeModel model = model(TinyModel.deep());
        NativeContext context = new NativeContext(model, 2_048, BATCH, 3, 1)) {
      fillAlternately(context, 2_048);
      context.forget(1, 0);
      assertThat(context.usedCells()).isEqualTo(1_024);

      decode(context, 2, BATCH);

      assertThat(context.usedCells()).isEqualTo(1_024 + BATCH);
    }
  }

  @Test
  void cells_are_brought_together_when_nearly_all_of_them_are_in_use() {
    int sequences = 16;
    try (NativeModel model = model(TinyModel.narrow());
        NativeContext context = new NativeContext(model, 1_024, BATCH, 2 * sequences, 1)) {
      for (int from = 0; from < 1_024; from += BATCH) {
        context.clearBatch();
        for (int i = 0; i < BATCH; i++) {
          context.add(100 + i, (from + i) / sequences, i % sequences, false);
        }
        context.decode();
      }
      // Holes of one cell each, until no run of free cells is left that could take the next batch.
      for (int sequence = 0; sequence < sequences; sequence++) {
        context.forget(sequence, 0);
        decode(context, sequences + sequence, 1_024 / sequences);

        assertThat(context.usedCells()).isEqualTo(1_024);
      }
    }
  }

  @Test
  void a_batch_beyond_all_cells_is_a_fault_at_once_and_leaves_the_cells_as_they_were() {
    try (NativeModel model = model(TinyModel.narrow());
        NativeContext context = new NativeContext(model, 1_024, BATCH, 3, 1)) {
      fillAlternately(context, 1_024);

      assertThatThrownBy(() -> decode(context, 2, 1))
          .isInstanceOf(NativeFaultException.class)
          .hasMessageContaining("1024 of 1024 KV cells");
      assertThat(context.usedCells()).isEqualTo(1_024);

      context.forgetAll();
      assertThat(context.usedCells()).isZero();
      decode(context, 0, BATCH);
    }
  }

  private static NativeModel model(Path file) {
    return new NativeModel(LlamaLibrary.load("shipped"), ModelFile.open(file));
  }

  /** Where two or three rows of logits would be over, others are computed, too. */
  @Test
  void a_token_has_its_own_logits_whichever_others_have_some() {
    try (NativeModel model = model(TinyModel.narrow());
        NativeContext context = new NativeContext(model, 1_024, BATCH, 2, 1)) {
      List<float[]> alone = new ArrayList<>();
      for (int token = 0; token < 8; token++) {
        alone.add(logits(context, token).get(0));
      }

      for (int[] outputs :
          new int[][] {
            {1}, {0, 1}, {2, 7}, {6, 7}, {1, 3, 6}, {0, 2, 3, 5, 6, 7}, {0, 1, 2, 3, 4, 5, 6}
          }) {
        List<float[]> together = logits(context, outputs);

        for (int row = 0; row < outputs.length; row++) {
          assertThat(together.get(row))
              .as("token %s of %s", outputs[row], Arrays.toString(outputs))
              .containsExactly(alone.get(outputs[row]), within(1e-3f));
        }
      }
    }
  }

  /** The logits after some of the tokens of a sequence of eight. */
  private static List<float[]> logits(NativeContext context, int... outputs) {
    context.forget(0, 0);
    context.clearBatch();
    for (int token = 0; token < 8; token++) {
      context.add(100 + token, token, 0, Arrays.binarySearch(outputs, token) >= 0);
    }
    context.decode();
    List<float[]> rows = new ArrayList<>();
    for (int row = 0; row < outputs.length; row++) {
      Logits logits = context.logits(row);
      float[] values = new float[50];
      for (int i = 0; i < values.length; i++) {
        values[i] = logits.get(i);
      }
      rows.add(values);
    }
    return rows;
  }

  private static void fillAlternately(NativeContext context, int cells) {
    for (int from = 0; from < cells; from += BATCH) {
      context.clearBatch();
      for (int i = 0; i < BATCH; i++) {
        context.add(100 + i, (from + i) / 2, i % 2, false);
      }
      context.decode();
    }
  }

  private static void decode(NativeContext context, int sequence, int count) {
    context.clearBatch();
    for (int i = 0; i < count; i++) {
      context.add(100 + i, i, sequence, i + 1 == count);
    }
    context.decode();
    assertThat(context.logits(0).get(0)).isFinite();
  }
}
