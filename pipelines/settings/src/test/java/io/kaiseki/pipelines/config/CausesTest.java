package io.kaiseki.pipelines.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class CausesTest {

  @Test
  void of_a_failure_that_is_wrapped_twice_the_innermost_is_told() {
    IOException refused = new IOException("connection refused");
    Throwable failure = new IllegalStateException("no answer", new ExecutionException(refused));

    assertThat(Causes.root(failure)).isSameAs(refused);
    assertThat(Causes.rootMessage(failure)).isEqualTo("connection refused");
  }

  @Test
  void a_failure_without_a_cause_is_its_own_and_may_say_nothing() {
    Throwable failure = new IllegalStateException();

    assertThat(Causes.root(failure)).isSameAs(failure);
    assertThat(Causes.rootMessage(failure)).isEqualTo("null");
  }
}
