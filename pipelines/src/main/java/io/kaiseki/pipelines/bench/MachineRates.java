package io.kaiseki.pipelines.bench;

import io.kaiseki.inference.llamacpp.ModelRates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine's own rates, measured again and again. */
final class MachineRates {

  private static final Logger LOG = LoggerFactory.getLogger(MachineRates.class);

  private final Supplier<ModelRates> measuring;
  private final BenchListener listener;
  private final List<ModelRates> measured = new ArrayList<>();
  private @Nullable String failure;

  /**
   * @param measuring measures them once
   * @param listener hears of each measurement, and of its failure
   */
  MachineRates(Supplier<ModelRates> measuring, BenchListener listener) {
    this.measuring = measuring;
    this.listener = listener;
  }

  /**
   * Measures them once more. Where that fails, the rates that there are have to do: the passes
   * between them may have taken hours.
   *
   * @throws CancellationException if it was stopped
   * @throws RuntimeException what the first measurement fails with: then there is nothing to keep
   */
  void measure() {
    ModelRates rates;
    try {
      rates = measuring.get();
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      if (measured.isEmpty()) {
        throw e;
      }
      LOG.info("the machine's rates could not be measured", e);
      failure = String.valueOf(e.getMessage());
      listener.failed(failure);
      return;
    }
    measured.add(rates);
    listener.rates(rates);
  }

  /** All measurements, in order. */
  List<ModelRates> measured() {
    return List.copyOf(measured);
  }

  /** Why the last measurement that failed did; empty if none has. */
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }
}
