package io.kaiseki.inference.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.contract.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashGuardTest {

  private static final String KEY = "model-b1";

  @TempDir Path directory;

  private String configured;

  @BeforeEach
  void use_a_directory_of_its_own() {
    configured = System.getProperty(CrashGuard.DIRECTORY_PROPERTY, "");
    System.setProperty(CrashGuard.DIRECTORY_PROPERTY, directory.toString());
  }

  @AfterEach
  void use_the_usual_one_again() {
    System.setProperty(CrashGuard.DIRECTORY_PROPERTY, configured);
  }

  @Test
  void a_document_that_crashed_alone_fails_as_poison_and_never_reaches_the_engine()
      throws Exception {
    CompletionRequest request = request("1", "secret text", "v1");
    JournalProcess.dieWithin(directory.resolve(KEY), true, Fingerprint.of(request));

    try (CrashGuard guard = CrashGuard.open(KEY)) {
      Outcome outcome =
          guard
              .submit(
                  request,
                  entry -> {
                    throw new AssertionError("it reached the engine");
                  })
              .join();

      assertThat(outcome)
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> {
                assertThat(failed.reason()).isEqualTo(FailureReason.POISON);
                assertThat(failed.message())
                    .contains(Fingerprint.of(request).hex(), "quarantined", "model.library")
                    .doesNotContain("secret text");
              });
      assertThat(guard.submit(request("1", "another text", "v1"), answered())).isDone();
    }
  }

  @Test
  void another_analysis_or_another_model_may_still_try_it() throws Exception {
    CompletionRequest request = request("1", "text", "v1");
    JournalProcess.dieWithin(directory.resolve(KEY), true, Fingerprint.of(request));

    try (CrashGuard same = CrashGuard.open(KEY);
        CrashGuard other = CrashGuard.open("other-model-b1")) {
      assertThat(reason(same, request)).isEqualTo(FailureReason.POISON);
      assertThat(reason(same, request("other id", "text", "v1"))).isEqualTo(FailureReason.POISON);
      assertThat(reason(same, request("1", "text", "v2"))).isEqualTo(FailureReason.REFUSED);
      assertThat(reason(other, request)).isEqualTo(FailureReason.REFUSED);
    }
  }

  @Test
  void a_directory_that_can_not_be_written_lets_every_document_pass() throws IOException {
    Files.writeString(directory.resolve(KEY), "a file in the place of the directory");

    try (CrashGuard guard = CrashGuard.open(KEY)) {
      guard.review();
      assertThat(reason(guard, request("1", "text", "v1"))).isEqualTo(FailureReason.REFUSED);
    }
  }

  /** What the engine of these tests says of every document. */
  private static Function<JournalEntry, CompletableFuture<Outcome>> answered() {
    return entry -> {
      entry.enter();
      entry.leave();
      return CompletableFuture.completedFuture(
          new Outcome.Failed(FailureReason.REFUSED, "it reached the engine"));
    };
  }

  private static FailureReason reason(CrashGuard guard, CompletionRequest request) {
    return ((Outcome.Failed) guard.submit(request, answered()).join()).reason();
  }

  private static CompletionRequest request(String id, String text, String version) {
    Analysis analysis =
        new Analysis(
            "analysis",
            version,
            "Read.",
            Contract.of(
                SchemaBuilder.record("Note").fields().requiredBoolean("urgent").endRecord()),
            ReasoningPolicy.OFF);
    return new CompletionRequest(
        id, analysis, text, Instant.now().plus(Duration.ofMinutes(5)), Lane.LIVE);
  }
}
