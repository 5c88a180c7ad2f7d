package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.llamacpp.ModelRates;
import io.kaiseki.pipelines.bench.arm.Sizing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Remembers what a bench tells. */
final class RecordedListener implements BenchListener {

  final List<String> steps = Collections.synchronizedList(new ArrayList<>());
  final List<String> failures = Collections.synchronizedList(new ArrayList<>());
  private final Consumer<String> onDocument;

  RecordedListener() {
    this(step -> {});
  }

  /**
   * @param onDocument hears the step under way when one of its documents is answered
   */
  RecordedListener(Consumer<String> onDocument) {
    this.onDocument = onDocument;
  }

  @Override
  public void sized(Sizing sizing) {}

  @Override
  public void begins(int round, int rounds, String step, Optional<Duration> left) {
    steps.add(step);
  }

  @Override
  public void rates(ModelRates rates) {}

  @Override
  public void documents(long done, long total) {
    onDocument.accept(steps.get(steps.size() - 1));
  }

  @Override
  public void passed(double rate) {}

  @Override
  public void failed(String reason) {
    failures.add(reason);
  }
}
