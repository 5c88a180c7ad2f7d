package io.kaiseki.desk.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.desk.Triage;
import io.kaiseki.desk.model.Columns;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Columns before a registry that is slow, or does not answer. */
class LatestColumnsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SchemaRegistryClient registry =
      RegistrySettings.of("mock://" + UUID.randomUUID()).connect();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Answering answering = () -> {};

  private final LatestColumns columns =
      new LatestColumns(new RegisteredSchemas(watched(), "test"), "tickets-out-value", nanos::get);

  /** What the registry does before it answers. */
  private interface Answering {
    void go() throws Exception;
  }

  @AfterEach
  void close() throws IOException {
    registry.close();
  }

  @Test
  void while_the_registry_hangs_one_waits_and_all_others_have_the_columns_as_they_were()
      throws Exception {
    new Triage(registry, "tickets");
    Columns before = columns.get();
    assertThat(before.all()).isNotEmpty();
    pass(Duration.ofMinutes(1));
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    answering =
        () -> {
          hanging.countDown();
          released.await();
        };

    CompletableFuture<Columns> first = CompletableFuture.supplyAsync(columns::get);
    hanging.await();
    try {
      assertThat(CompletableFuture.supplyAsync(columns::get))
          .succeedsWithin(PATIENCE)
          .isSameAs(before);
    } finally {
      released.countDown();
    }

    assertThat(first).succeedsWithin(PATIENCE).isEqualTo(before);
    assertThat(asked).hasValue(2);
  }

  @Test
  void a_question_that_took_long_is_not_followed_by_the_next_at_once() {
    answering =
        () -> {
          pass(Duration.ofMinutes(1));
          throw new IOException("no answer");
        };

    columns.get();
    assertThat(columns.get().all()).isEmpty();
    assertThat(asked).hasValue(1);

    pass(Duration.ofSeconds(1));
    columns.get();
    assertThat(asked).hasValue(2);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private SchemaRegistryClient watched() {
    return (SchemaRegistryClient)
        Proxy.newProxyInstance(
            SchemaRegistryClient.class.getClassLoader(),
            new Class<?>[] {SchemaRegistryClient.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getLatestSchemaMetadata")) {
                asked.incrementAndGet();
                answering.go();
              }
              return method.invoke(registry, arguments);
            });
  }
}
