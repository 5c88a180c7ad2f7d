package io.kaiseki.pipelines.bench.arm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * One run of a workload through an arm. Every document was answered; a run that was stopped or
 * failed is no pass.
 *
 * @param seconds from the first submission to the last answer
 * @param tokens what the model computed; empty where the arm does not tell
 * @param calls how the model was called; empty where the arm does not tell
 * @param answers one for each document, in the workload's order; null where what came back breaks
 *     the contract
 */
public record Pass(
    double seconds,
    Optional<TokenTotals> tokens,
    Optional<ModelCalls> calls,
    List<@Nullable GenericRecord> answers) {

  public Pass {
    answers = Collections.unmodifiableList(new ArrayList<>(answers));
  }

  /** Documents a second. */
  public double rate() {
    return answers.size() / seconds;
  }
}
