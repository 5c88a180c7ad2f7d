package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.TokenUsage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a dialogue about a document costs. */
class DialogueTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String INVALID = "{\"kind\":\"rant\",\"words\":\"came broken\"}";

  @Test
  void a_prompt_that_a_server_had_read_before_was_not_told() throws Exception {
    assertThat(usage(answer(Letters.VALID, 64))).isEqualTo(new TokenUsage(64, true, 36, 0, 30, 0));
  }

  @Test
  void the_tokens_of_an_invalid_answer_are_added() throws Exception {
    assertThat(usage(answer(INVALID, 64), answer(Letters.VALID, 80)))
        .isEqualTo(new TokenUsage(144, true, 56, 0, 60, 0));
    assertThat(usage(answer(INVALID, 0), answer(Letters.VALID, 80)))
        .as("the first time it was read in full")
        .isEqualTo(new TokenUsage(80, false, 120, 0, 60, 0));
  }

  private static TokenUsage usage(ScriptedServer.Reply... replies) throws Exception {
    try (ScriptedServer server = new ScriptedServer(replies);
        InferenceEngine engine = Letters.engine(server)) {
      return Letters.completion(engine.submit(Letters.letter(SOON))).usage();
    }
  }

  /** An answer to 100 tokens, some of which the server still had. */
  private static ScriptedServer.Reply answer(String content, int cached) {
    return ScriptedServer.answer(
        content,
        reply ->
            ((ObjectNode) reply.get("usage"))
                .putObject("prompt_tokens_details")
                .put("cached_tokens", cached));
  }
}
