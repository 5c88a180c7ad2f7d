package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.llamacpp.ModelRates;
import io.kaiseki.pipelines.bench.arm.Sizing;
import java.time.Duration;
import java.util.Optional;

/** Hears where a bench stands. Called on the bench's thread, but {@link #documents} on any. */
public interface BenchListener {

  /** The first document is answered, so its tokens are known. */
  void sized(Sizing sizing);

  /**
   * The next thing begins.
   *
   * @param step what it is, such as {@code engine with 8 slots}
   * @param left time that the rest of the run will take; empty while nothing is known of it
   */
  void begins(int round, int rounds, String step, Optional<Duration> left);

  /** The machine's rates are measured. */
  void rates(ModelRates rates);

  /** Documents of the current step that are answered; one that failed is never among them. */
  void documents(long done, long total);

  /** The current step is done, at so many documents a second. */
  void passed(double rate);

  /** The current step has failed; an arm that has is not tried again. */
  void failed(String reason);
}
