package io.kaiseki.pipelines.bench.arm;

import io.kaiseki.pipelines.demo.OutcomeConsumer;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.schemas.TokenUsage;
import io.kaiseki.schemas.envelope.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** One pass through a running job: documents in, results out, and when the last was made. */
record PipelinePass(
    JobRun run, OutcomeConsumer outcomes, PipelineFeed feed, PassProgress progress) {

  /** Results carry the time at which they were ready, so nothing is gained by asking more often. */
  private static final Duration POLL = Duration.ofMillis(500);

  /** Sends a document and waits for its result: then the job runs and its engine is warm. */
  void warmUp(String text) {
    feed.send("warm-up", text);
    feed.flush();
    while (next().isEmpty()) {
      continue;
    }
  }

  Pass measure(List<String> documents) {
    Instant start = Instant.now();
    for (int i = 0; i < documents.size(); i++) {
      feed.send(String.valueOf(i), documents.get(i));
    }
    feed.flush();
    List<@Nullable GenericRecord> answers =
        new ArrayList<>(Collections.nCopies(documents.size(), null));
    TokenTotals tokens = TokenTotals.NONE;
    Instant last = start;
    while (tokens.documents() < documents.size()) {
      for (Result result : next()) {
        answers.set(Integer.parseInt(result.documentId()), result.answer());
        tokens = tokens.plus(usage(result.provenance().getUsage()));
        Instant completed = result.provenance().getCompletedAt();
        last = completed.isAfter(last) ? completed : last;
        progress.answered();
      }
    }
    double seconds = Math.max(1, Duration.between(start, last).toMillis()) / 1e3;
    return new Pass(seconds, Optional.of(tokens), Optional.empty(), answers);
  }

  private List<Result> next() {
    progress.check();
    if (run.result().isDone()) {
      progress.await(run.result());
      throw new ArmFailedException("the job ended by itself");
    }
    List<Result> results = new ArrayList<>();
    for (Received received : outcomes.poll(POLL)) {
      if (received instanceof Received.Dead dead) {
        throw new ArmFailedException(
            "a document became a dead letter: "
                + dead.letter().getReason()
                + ": "
                + dead.letter().getMessage());
      }
      results.add(((Received.Answered) received).result());
    }
    return results;
  }

  private static io.kaiseki.inference.TokenUsage usage(TokenUsage usage) {
    return new io.kaiseki.inference.TokenUsage(
        usage.getPrefix(),
        usage.getPrefixReused(),
        usage.getDocument(),
        usage.getReasoning(),
        usage.getAnswer(),
        usage.getForced());
  }
}
