package io.kaiseki.pipelines.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.EngineUnavailableException;
import io.kaiseki.inference.llamacpp.ModelRates;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MachineRatesTest {

  private static final ModelRates SLOW = rates(1);
  private static final ModelRates FAST = rates(2);

  private final RecordedListener listener = new RecordedListener();

  @Test
  void a_measurement_that_fails_is_told_and_the_others_count() {
    MachineRates rates =
        measuring(
            List.of(() -> SLOW, failing(new EngineUnavailableException("no cells")), () -> FAST));

    rates.measure();
    rates.measure();
    rates.measure();

    assertThat(rates.measured()).containsExactly(SLOW, FAST);
    assertThat(rates.failure()).contains("no cells");
    assertThat(listener.failures).containsExactly("no cells");
  }

  @Test
  void a_model_that_can_t_be_measured_at_all_ends_the_bench() {
    MachineRates rates =
        measuring(List.of(failing(new EngineUnavailableException("no such file"))));

    assertThatThrownBy(rates::measure)
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessage("no such file");
    assertThat(listener.failures).isEmpty();
  }

  @Test
  void a_stop_is_no_failure() {
    MachineRates rates =
        measuring(List.of(() -> SLOW, failing(new CancellationException("stopped"))));

    rates.measure();

    assertThatThrownBy(rates::measure).isInstanceOf(CancellationException.class);
    assertThat(rates.failure()).isEmpty();
  }

  private MachineRates measuring(List<Supplier<ModelRates>> each) {
    Iterator<Supplier<ModelRates>> next = each.iterator();
    return new MachineRates(() -> next.next().get(), listener);
  }

  private static Supplier<ModelRates> failing(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }

  private static ModelRates rates(double factor) {
    return new ModelRates(100 * factor, 80 * factor, new TreeMap<>(Map.of(1, 10 * factor)));
  }
}
