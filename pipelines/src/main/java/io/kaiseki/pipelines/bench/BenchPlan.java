package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.bench.arm.ArmChoice;
import io.kaiseki.pipelines.bench.arm.OpenAiServer;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a bench shall do.
 *
 * @param settings the model and how it is run; the slots come from {@code arms}
 * @param workload the documents and what is asked of them
 * @param arms what is compared, and at which numbers of slots
 * @param rounds passes for each arm at each number of slots, at least 1
 * @param cold whether no arm reads the instructions before the clock starts
 * @param openAi the server of the arm {@code openai}; needed for that arm only
 * @param directory an empty directory for logs, topics and native libraries
 */
public record BenchPlan(
    LlamaCppSettings settings,
    Workload workload,
    List<ArmChoice> arms,
    int rounds,
    boolean cold,
    Optional<OpenAiServer> openAi,
    Path directory) {

  public BenchPlan {
    arms = List.copyOf(arms);
  }

  /** All numbers of slots, ascending. */
  public List<Integer> slots() {
    return arms.stream().flatMap(arm -> arm.slots().stream()).distinct().sorted().toList();
  }
}
