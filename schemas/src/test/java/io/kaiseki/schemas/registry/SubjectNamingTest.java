package io.kaiseki.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class SubjectNamingTest {

  private static final Schema TICKET = SchemaBuilder.record("com.acme.Ticket").fields().endRecord();

  @Test
  void subjects_follow_confluent_s_strategies() {
    assertThat(SubjectNaming.TOPIC.valueSubject("tickets", TICKET)).isEqualTo("tickets-value");
    assertThat(SubjectNaming.RECORD.valueSubject("tickets", TICKET)).isEqualTo("com.acme.Ticket");
    assertThat(SubjectNaming.TOPIC_RECORD.valueSubject("tickets", TICKET))
        .isEqualTo("tickets-com.acme.Ticket");
  }

  @Test
  void a_record_s_name_can_only_be_taken_from_a_record() {
    Schema text = Schema.create(Schema.Type.STRING);
    assertThatThrownBy(() -> SubjectNaming.RECORD.valueSubject("tickets", text))
        .hasMessageContaining("string");
  }
}
