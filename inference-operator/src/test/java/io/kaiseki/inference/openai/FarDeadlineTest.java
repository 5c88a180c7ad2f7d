package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.InferenceEngine;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FarDeadlineTest {

  @Test
  void a_document_that_has_all_the_time_there_is_was_never_sent() throws Exception {
    CompletionRequest letter = Letters.letter(Duration.ZERO);
    CompletionRequest patient =
        new CompletionRequest(
            letter.id(), letter.analysis(), letter.document(), Instant.MAX, letter.lane());
    try (ScriptedServer busy = new ScriptedServer(new ScriptedServer.Reply(503, "busy"));
        ScriptedServer server = new ScriptedServer(ScriptedServer.answer(Letters.VALID));
        InferenceEngine engine = Letters.engine(busy, server)) {
      assertThat(Letters.completion(engine.submit(patient)).answer().get("kind"))
          .hasToString("complaint");
    }
  }
}
