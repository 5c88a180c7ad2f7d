package io.kaiseki.desk.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.desk.text.SourceDocuments.Source;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Texts that are asked for while Kafka is away. */
class SourceDocumentsTest {

  @Test
  void whoever_asks_while_all_readers_wait_for_kafka_is_told_so_and_does_not_wait_as_long()
      throws Exception {
    ExecutorService people = Executors.newFixedThreadPool(3);
    try (SchemaRegistryClient registry =
            RegistrySettings.of("mock://" + UUID.randomUUID()).connect();
        SourceDocuments texts =
            new SourceDocuments(
                KafkaSettings.plain("127.0.0.1:1"),
                new RegisteredSchemas(registry, "test"),
                "tickets")) {
      CompletableFuture<?>[] asked =
          Stream.of("a", "b", "c")
              .map(id -> CompletableFuture.supplyAsync(() -> read(texts, id), people))
              .toArray(CompletableFuture[]::new);

      // The first of the three to be told anything; both readers wait for Kafka for longer.
      assertThat(CompletableFuture.anyOf(asked))
          .succeedsWithin(Duration.ofMinutes(1))
          .isEqualTo(new Source.Missing("many texts are being read; try again"));
      CompletableFuture.allOf(asked).join();
    } finally {
      people.shutdownNow();
    }
  }

  private static Source read(SourceDocuments texts, String id) {
    return texts.read(id, "tickets", 0, 0);
  }
}
