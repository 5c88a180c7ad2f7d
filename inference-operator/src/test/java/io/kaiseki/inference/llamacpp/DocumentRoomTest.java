package io.kaiseki.inference.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is left for a document, and who is told to change what. */
class DocumentRoomTest {

  @Test
  void the_context_can_be_raised_where_it_is_the_smaller_limit() {
    DocumentRoom room = new DocumentRoom(1_000, 4_096, 100, 300);

    assertThat(room.tokens()).isEqualTo(600);
    assertThat(room.tooLong("601 tokens"))
        .isEqualTo(
            "the document has 601 tokens, but at most 600 tokens are left for it: the context"
                + " (1000), less instructions 100 and end of prompt, reasoning and answer 300;"
                + " raise model.context-tokens or shorten the document");
    assertThat(room.unsupported()).isEmpty();
  }

  @Test
  void no_setting_goes_beyond_what_the_model_was_trained_for() {
    DocumentRoom room = new DocumentRoom(8_192, 4_096, 100, 300);

    assertThat(room.tooLong("5000 tokens"))
        .contains("at most 3696 tokens", "what the model was trained for (4096)")
        .endsWith("; shorten the document");
  }

  @Test
  void where_no_document_fits_it_is_not_the_document_that_has_to_change() {
    DocumentRoom room = new DocumentRoom(8_192, 4_096, 96, 4_000);

    assertThat(room.tooLong("3 tokens"))
        .contains("no document fits", "lower reasoning.budget")
        .doesNotContain("shorten the document", "context-tokens");
    assertThat(room.unsupported().orElseThrow())
        .contains("(4096)", "instructions 96", "answer 4000", "lower reasoning.budget")
        .doesNotContain("context-tokens");
  }

  @Test
  void a_budget_as_large_as_can_be_does_not_become_a_small_one() {
    DocumentRoom room = new DocumentRoom(1_000, 4_096, 100, Integer.MAX_VALUE + 300L);

    assertThat(room.tokens()).isNegative();
    assertThat(room.unsupported().orElseThrow()).contains("or raise model.context-tokens");
  }
}
