package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.InferenceEngine;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;

/** An analysis of letters, one of them, and an answer to it. */
final class Letters {

  static final String DOCUMENT = "Two boxes came broken.";
  static final String VALID = "{\"kind\":\"complaint\",\"words\":\"came broken\"}";

  private static final Analysis ANALYSIS =
      new Analysis(
          "letters",
          "1",
          "Sort the letter.",
          Contract.of(
              new Schema.Parser()
                  .parse(
                      """
                      {"type":"record","name":"Letter","fields":[
                        {"name":"kind","type":{"type":"enum","name":"Kind",
                          "symbols":["complaint","question","praise"]}},
                        {"name":"words","type":"string","quote":true}]}
                      """)),
          ReasoningPolicy.OFF);

  private Letters() {}

  /** A hold on the engine that asks these servers for model m. */
  static InferenceEngine engine(ScriptedServer... servers) {
    return OpenAiEngine.source(
            new OpenAiSettings(
                List.of(servers).stream().map(ScriptedServer::url).toList(), "m", null, 4, 0, ""))
        .acquire();
  }

  static CompletionRequest letter(Duration deadline) {
    return letter(DOCUMENT, deadline);
  }

  static CompletionRequest letter(String text, Duration deadline) {
    return letter(text, deadline, Lane.LIVE);
  }

  static CompletionRequest letter(String text, Duration deadline, Lane lane) {
    return new CompletionRequest("d", ANALYSIS, text, Instant.now().plus(deadline), lane);
  }

  static Completion completion(CompletableFuture<Outcome> outcome) throws Exception {
    Outcome done = outcome.get(30, TimeUnit.SECONDS);
    assertThat(done).isInstanceOf(Outcome.Answered.class);
    return ((Outcome.Answered) done).completion();
  }

  static Outcome.Failed failed(CompletableFuture<Outcome> outcome) throws Exception {
    Outcome done = outcome.get(30, TimeUnit.SECONDS);
    assertThat(done).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) done;
  }
}
