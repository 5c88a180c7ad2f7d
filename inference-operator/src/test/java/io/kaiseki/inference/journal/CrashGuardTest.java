package io.kaiseki.inference.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.Completion;
import io.kaiseki.inference.CompletionRequest;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.inference.FinishReason;
import io.kaiseki.inference.Lane;
import io.kaiseki.inference.Outcome;
import io.kaiseki.inference.ReasoningPolicy;
import io.kaiseki.inference.Timings;
import io.kaiseki.inference.TokenUsage;
import io.kaiseki.inference.contract.Contract;
import io.kaiseki.inference.journal.CrashJournal.Standing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrashGuardTest {

  private static final String KEY = "model-b1";
  private static final Schema NOTE =
      SchemaBuilder.record("Note").fields().requiredBoolean("urgent").endRecord();

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

  @ParameterizedTest
  @EnumSource(names = {"DEADLINE", "CANCELLED"})
  void a_suspect_that_may_not_have_run_stays_one(FailureReason reason) throws Exception {
    assertThat(standingAfter(new Outcome.Failed(reason, "it may not have run")))
        .isEqualTo(Standing.SUSPECT);
  }

  @Test
  void a_suspect_that_is_given_up_without_an_outcome_stays_one() throws Exception {
    assertThat(standingAfter(CompletableFuture.failedFuture(new IllegalArgumentException())))
        .isEqualTo(Standing.SUSPECT);
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "ENGINE_FAULT"})
  void a_suspect_that_the_engine_fails_alone_without_dying_is_clear(FailureReason reason)
      throws Exception {
    assertThat(standingAfter(new Outcome.Failed(reason, "it ran"))).isEqualTo(Standing.CLEAR);
  }

  @Test
  void a_suspect_that_is_answered_alone_is_clear() throws Exception {
    Completion completion =
        new Completion(
            new GenericRecordBuilder(NOTE).set("urgent", true).build(),
            List.of(),
            null,
            new TokenUsage(5, true, 7, 0, 3, 0),
            FinishReason.COMPLETE,
            new Timings(Duration.ZERO, Duration.ZERO, Duration.ofMillis(4)));

    assertThat(standingAfter(new Outcome.Answered(completion))).isEqualTo(Standing.CLEAR);
  }

  private Standing standingAfter(Outcome outcome) throws Exception {
    return standingAfter(CompletableFuture.completedFuture(outcome));
  }

  /** What the next process takes a suspect for that was alone and ended so. */
  private Standing standingAfter(CompletableFuture<Outcome> outcome) throws Exception {
    CompletionRequest request = request("1", "text", "v1");
    Fingerprint fingerprint = Fingerprint.of(request);
    JournalProcess.dieWithin(directory.resolve(KEY), false, fingerprint);
    try (CrashGuard guard = CrashGuard.open(KEY)) {
      assertThat(guard.submit(request, entry -> outcome)).isDone();
    }
    CrashJournal next = CrashJournal.open(directory.resolve(KEY));
    try {
      return next.standing(fingerprint);
    } finally {
      next.close();
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
        new Analysis("analysis", version, "Read.", Contract.of(NOTE), ReasoningPolicy.OFF);
    return new CompletionRequest(
        id, analysis, text, Instant.now().plus(Duration.ofMinutes(5)), Lane.LIVE);
  }
}
