package io.kaiseki.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** The Confluent client as this build provides it, whichever of the two it is. */
class RegistryClientTest {

  private static final String TICKET =
      "{\"type\":\"record\",\"name\":\"Ticket\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"}]}";
  private static final String TICKET_WITH_A_REQUIRED_FIELD =
      "{\"type\":\"record\",\"name\":\"Ticket\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"},"
          + "{\"name\":\"body\",\"type\":\"string\"}]}";
  private static final String SUBJECT = "tickets-value";

  @Test
  void a_mock_registry_registers_looks_up_and_checks_compatibility() throws Exception {
    try (SchemaRegistryClient client = RegistrySettings.of("mock://client-test").connect()) {
      int id = client.register(SUBJECT, new AvroSchema(TICKET));

      assertThat(client.getSchemaById(id)).isEqualTo(new AvroSchema(TICKET));
      assertThat(client.getId(SUBJECT, new AvroSchema(TICKET))).isEqualTo(id);
      assertThat(client.testCompatibility(SUBJECT, new AvroSchema(TICKET_WITH_A_REQUIRED_FIELD)))
          .isFalse();
    }
  }

  @Test
  void a_registry_over_http_registers_looks_up_and_checks_compatibility() throws Exception {
    try (RegistryStub stub =
            RegistryStub.start()
                .reply("POST /subjects/tickets-value/versions", 200, "{\"id\":7}")
                .reply(
                    "POST /compatibility/subjects/tickets-value/versions/latest",
                    200,
                    "{\"is_compatible\":false}")
                .schema(7, TICKET);
        SchemaRegistryClient client = RegistrySettings.of(stub.url()).connect()) {

      assertThat(client.register(SUBJECT, new AvroSchema(TICKET))).isEqualTo(7);
      assertThat(client.testCompatibility(SUBJECT, new AvroSchema(TICKET_WITH_A_REQUIRED_FIELD)))
          .isFalse();
    }
    try (RegistryStub stub = RegistryStub.start().schema(7, TICKET);
        SchemaRegistryClient client = RegistrySettings.of(stub.url()).connect()) {
      assertThat(client.getSchemaById(7)).isEqualTo(new AvroSchema(TICKET));
      assertThatThrownBy(() -> client.getSchemaById(8))
          .isInstanceOfSatisfying(
              RestClientException.class, e -> assertThat(e.getStatus()).isEqualTo(404));
    }
  }

  @Test
  void without_credentials_no_authorization_is_sent() throws Exception {
    assertThat(authorizationSentWith(new RegistryCredentials.Anonymous())).isNull();
  }

  @Test
  void a_user_and_password_are_sent_as_basic_authorization() throws Exception {
    String expected =
        Base64.getEncoder().encodeToString("desk:s3cret:x".getBytes(StandardCharsets.UTF_8));
    assertThat(authorizationSentWith(new RegistryCredentials.Basic("desk", Secret.of("s3cret:x"))))
        .isEqualTo("Basic " + expected);
  }

  @Test
  void a_token_is_sent_as_bearer_authorization() throws Exception {
    assertThat(authorizationSentWith(new RegistryCredentials.Bearer(Secret.of("t0ken"))))
        .isEqualTo("Bearer t0ken");
  }

  private static String authorizationSentWith(RegistryCredentials credentials) throws Exception {
    try (RegistryStub stub = RegistryStub.start().schema(7, TICKET);
        SchemaRegistryClient client =
            RegistrySettings.of(stub.url()).withCredentials(credentials).connect()) {
      client.getSchemaById(7);
      return stub.calls().get(0).authorization();
    }
  }
}
