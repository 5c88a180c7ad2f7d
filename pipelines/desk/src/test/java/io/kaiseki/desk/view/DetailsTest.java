package io.kaiseki.desk.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.desk.Triage;
import io.kaiseki.desk.state.AnswerCard;
import io.kaiseki.desk.state.Entry;
import io.kaiseki.schemas.registry.RegisteredSchemas;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DetailsTest {

  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  private final SchemaRegistryClient registry =
      RegistrySettings.of("mock://" + UUID.randomUUID()).connect();
  private final Triage triage = new Triage(registry, "t");
  private final Details details = new Details(new RegisteredSchemas(registry, "test"));

  @AfterEach
  void close() throws IOException {
    registry.close();
  }

  @Test
  void an_answer_that_says_something_else_has_another_tag() {
    String tag = tag(triage.result("a", "billing", 0.9, NOON));

    assertThat(tag).as("as an earlier release sent it").isEqualTo("18f23d188226ca7ecd99f05e");
    assertThat(tag(triage.result("a", "delivery", 0.9, NOON))).isNotEqualTo(tag);
    assertThat(tag(triage.result("a", "billing", 0.8, NOON.plusSeconds(60)))).isEqualTo(tag);
  }

  @Test
  void where_there_is_no_answer_there_is_no_tag() {
    Entry entry = Entry.newBuilder().setId("a").setChangedAt(NOON).build();

    assertThat(details.of(entry).answerTag()).isNull();
  }

  private String tag(byte[] envelope) {
    Entry entry =
        Entry.newBuilder()
            .setId("a")
            .setAnswer(
                AnswerCard.newBuilder()
                    .setFields(List.of())
                    .setLeast(1)
                    .setUnsure(false)
                    .setModel("tiny.gguf")
                    .setBuild("b4916")
                    .setAnalysisVersion("v1")
                    .setCompletedAt(NOON)
                    .setEnvelope(ByteBuffer.wrap(envelope))
                    .build())
            .setChangedAt(NOON)
            .build();
    return details.of(entry).answerTag();
  }
}
