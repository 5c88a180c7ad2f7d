package io.kaiseki.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.schemas.Document;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class SchemaRegistrationTest {

  private static final String SUBJECT = "tickets-value";
  private static final Schema TICKET =
      SchemaBuilder.record("com.acme.Ticket").fields().requiredString("id").endRecord();
  private static final Schema TICKET_WITH_A_REQUIRED_FIELD =
      SchemaBuilder.record("com.acme.Ticket")
          .fields()
          .requiredString("id")
          .requiredString("body")
          .endRecord();

  private SchemaRegistryClient client;
  private SchemaRegistration registration;

  @BeforeEach
  void connect(TestInfo test) {
    String url = "mock://" + test.getTestMethod().orElseThrow().getName().replace('_', '-');
    client = RegistrySettings.of(url).connect();
    registration = new SchemaRegistration(client, url);
  }

  @AfterEach
  void disconnect() throws Exception {
    client.close();
  }

  @Test
  void a_missing_schema_is_refused_while_auto_registration_is_off() {
    assertThatThrownBy(() -> registration.ensureRegistered(SUBJECT, TICKET, false))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContainingAll("com.acme.Ticket", SUBJECT, "mock://", "auto-registration is off");
  }

  @Test
  void a_missing_schema_is_registered_where_that_is_allowed_and_found_afterwards() {
    int id = registration.ensureRegistered(SUBJECT, TICKET, true);
    assertThat(registration.ensureRegistered(SUBJECT, TICKET, false)).isEqualTo(id);
  }

  @Test
  void a_generated_schema_is_registered_without_java_hints() throws Exception {
    int id = registration.ensureRegistered("documents-value", Document.getClassSchema(), true);
    AvroSchema registered = (AvroSchema) client.getSchemaById(id);
    assertThat(Document.getClassSchema().toString()).contains("avro.java.string");
    assertThat(registered.canonicalString()).doesNotContain("java").contains("timestamp-millis");
  }

  @Test
  void an_incompatible_schema_is_refused_by_the_check_and_before_it_is_registered() {
    registration.ensureRegistered(SUBJECT, TICKET, true);
    assertThatThrownBy(() -> registration.checkCompatible(SUBJECT, TICKET_WITH_A_REQUIRED_FIELD))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContainingAll(SUBJECT, "body", "default");
    assertThatThrownBy(
            () -> registration.ensureRegistered(SUBJECT, TICKET_WITH_A_REQUIRED_FIELD, true))
        .isInstanceOf(RegistryRefusedException.class);
  }

  @Test
  void a_subject_that_does_not_exist_yet_takes_any_schema() throws Exception {
    registration.checkCompatible(SUBJECT, TICKET);
    try (RegistryStub stub =
            RegistryStub.start()
                .reply(
                    "POST /compatibility/subjects/tickets-value/versions/latest",
                    404,
                    "{\"error_code\":40401,\"message\":\"Subject not found\"}");
        SchemaRegistryClient http = RegistrySettings.of(stub.url()).connect()) {
      new SchemaRegistration(http, stub.url()).checkCompatible(SUBJECT, TICKET);
    }
  }

  @Test
  void a_registry_that_is_down_is_an_outage_and_not_a_missing_schema() throws Exception {
    RegistryStub stub = RegistryStub.start();
    String url = stub.url();
    stub.close();
    try (SchemaRegistryClient http = RegistrySettings.of(url).connect()) {
      SchemaRegistration down = new SchemaRegistration(http, url);
      assertThatThrownBy(() -> down.ensureRegistered(SUBJECT, TICKET, false))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContainingAll(url, SUBJECT);
    }
  }

  @Test
  void a_conflict_at_registration_names_subject_and_remedy() throws Exception {
    try (RegistryStub stub =
            RegistryStub.start()
                .reply(
                    "POST /compatibility/subjects/tickets-value/versions/latest",
                    200,
                    "{\"is_compatible\":true}")
                .reply(
                    "POST /subjects/tickets-value/versions",
                    409,
                    "{\"error_code\":409,\"message\":\"incompatible with version 3\"}");
        SchemaRegistryClient http = RegistrySettings.of(stub.url()).connect()) {
      SchemaRegistration registering = new SchemaRegistration(http, stub.url());
      assertThatThrownBy(() -> registering.ensureRegistered(SUBJECT, TICKET, true))
          .isInstanceOf(RegistryRefusedException.class)
          .hasMessageContainingAll(SUBJECT, stub.url(), "version 3");
    }
  }
}
