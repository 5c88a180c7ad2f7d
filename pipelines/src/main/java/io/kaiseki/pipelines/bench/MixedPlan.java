package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.bench.workload.Workload;
import java.util.List;

/**
 * What a bench of live documents over a backfill shall do.
 *
 * @param settings the model and how it is run; the slots come from {@code slots}
 * @param workload the documents; each phase has as many live ones
 * @param slots numbers of slots, one after the other
 * @param rounds how often the three phases follow each other, at least 1
 * @param liveShare rate of live documents as a part of what the machine manages, 0 to 1
 * @param arrivals when live documents come
 */
public record MixedPlan(
    LlamaCppSettings settings,
    Workload workload,
    List<Integer> slots,
    int rounds,
    double liveShare,
    Arrivals arrivals) {

  public MixedPlan {
    slots = slots.stream().distinct().sorted().toList();
  }
}
