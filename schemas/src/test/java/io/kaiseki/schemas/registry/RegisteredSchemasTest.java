package io.kaiseki.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegisteredSchemasTest {

  private static final String TARGET = "GET /schemas/ids/7";
  private static final String REFERENCE = "GET /subjects/address/versions/1";
  private static final String REFERRING =
      "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"Letter\\\",\\\"fields\\\":"
          + "[{\\\"name\\\":\\\"sender\\\",\\\"type\\\":\\\"Address\\\"}]}\","
          + "\"references\":[{\"name\":\"Address\",\"subject\":\"address\",\"version\":1}]}";
  private static final String REFERRED =
      "{\"subject\":\"address\",\"version\":1,\"id\":3,\"schema\":"
          + "\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"Address\\\",\\\"fields\\\":[]}\"}";

  private RegistryStub stub;

  @BeforeEach
  void startStub() throws Exception {
    stub = RegistryStub.start();
  }

  @AfterEach
  void stopStub() {
    stub.close();
  }

  @Test
  void an_id_that_the_registry_does_not_have_is_unknown() throws Exception {
    stub.reply(TARGET, 404, "{\"error_code\":40403,\"message\":\"Schema 7 not found\"}");
    assertThat(lookUp(stub.url()))
        .isEqualTo(new SchemaById.Unknown("registry " + stub.url() + " knows no schema id 7"));
  }

  @Test
  void a_404_that_is_not_the_registry_s_own_is_a_wrong_address_and_not_an_unknown_schema() {
    stub.reply(TARGET, 404, "<html>nothing here</html>");
    assertThatThrownBy(() -> lookUp(stub.url()))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("check the url");
  }

  @Test
  void a_schema_of_another_kind_than_avro_is_unknown_and_not_an_outage() throws Exception {
    stub.reply(
        TARGET, 200, "{\"schemaType\":\"PROTOBUF\",\"schema\":\"syntax = \\\"proto3\\\";\"}");
    assertThat(lookUp(stub.url()))
        .isInstanceOfSatisfying(
            SchemaById.Unknown.class,
            unknown -> assertThat(unknown.message()).contains("not an Avro schema"));
  }

  @Test
  void text_of_an_avro_schema_that_is_no_json_is_unknown_and_not_an_outage() throws Exception {
    stub.reply(TARGET, 200, "{\"schema\":\"record Letter {}\"}");
    assertThat(lookUp(stub.url())).isInstanceOf(SchemaById.Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void an_outage_amid_the_references_of_a_schema_passes_and_does_not_make_it_unknown(int status)
      throws Exception {
    stub.reply(TARGET, 200, REFERRING);
    stub.reply(REFERENCE, status, "{\"error_code\":50003,\"message\":\"busy\"}");
    try (SchemaRegistryClient client = RegistrySettings.of(stub.url()).connect()) {
      RegisteredSchemas schemas = new RegisteredSchemas(client, stub.url());
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> schemas.byId(7))
            .isInstanceOf(RegistryUnavailableException.class)
            .hasMessageContaining("looking up what a schema refers to");
      }

      stub.reply(REFERENCE, 200, REFERRED);

      assertThat(schemas.byId(7))
          .isInstanceOfSatisfying(
              SchemaById.Known.class,
              known ->
                  assertThat(known.schema().getField("sender").schema().getName())
                      .isEqualTo("Address"));
    }
  }

  @Test
  void a_page_of_a_proxy_in_place_of_a_reference_is_an_outage() {
    stub.reply(TARGET, 200, REFERRING);
    stub.reply(REFERENCE, 200, "<html>maintenance</html>");
    assertThatThrownBy(() -> lookUp(stub.url())).isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void a_reference_that_this_client_may_not_read_is_a_refusal() {
    stub.reply(TARGET, 200, REFERRING);
    stub.reply(REFERENCE, 403, "{\"error_code\":40301,\"message\":\"not yours\"}");
    assertThatThrownBy(() -> lookUp(stub.url()))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("check the credentials settings");
  }

  @Test
  void a_schema_that_refers_to_one_that_the_registry_does_not_have_is_unknown() throws Exception {
    stub.reply(TARGET, 200, REFERRING);
    stub.reply(REFERENCE, 404, "{\"error_code\":40402,\"message\":\"Version 1 not found\"}");
    assertThat(lookUp(stub.url())).isInstanceOf(SchemaById.Unknown.class);
  }

  @Test
  void a_schema_of_another_kind_with_references_is_unknown_whatever_they_are() throws Exception {
    stub.reply(TARGET, 200, REFERRING.replaceFirst("\\{", "{\"schemaType\":\"JSON\","));
    stub.reply(REFERENCE, 503, "{\"error_code\":50003,\"message\":\"busy\"}");
    assertThat(lookUp(stub.url())).isInstanceOf(SchemaById.Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void a_status_that_passes_is_an_outage(int status) {
    stub.reply(TARGET, status, "{\"error_code\":50003,\"message\":\"busy\"}");
    assertThatThrownBy(() -> lookUp(stub.url()))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining(stub.url());
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void wrong_credentials_are_a_refusal_that_names_the_settings(int status) {
    stub.reply(TARGET, status, "{\"error_code\":" + status + ",\"message\":\"who are you\"}");
    assertThatThrownBy(() -> lookUp(stub.url()))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("check the credentials settings");
  }

  @Test
  void an_answer_that_is_no_json_is_an_outage() {
    stub.reply(TARGET, 200, "<html>maintenance</html>");
    assertThatThrownBy(() -> lookUp(stub.url())).isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void a_refused_connection_is_an_outage() {
    stub.close();
    assertThatThrownBy(() -> lookUp(stub.url())).isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void a_registry_that_never_answers_is_an_outage() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://localhost:" + silent.getLocalPort();
      assertThatThrownBy(() -> lookUp(url)).isInstanceOf(RegistryUnavailableException.class);
    }
  }

  @Test
  void a_reset_connection_is_an_outage() throws Exception {
    ServerSocket rude = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    Thread resetting = new Thread(() -> resetAll(rude), "resetting-server");
    resetting.start();
    try {
      String url = "http://localhost:" + rude.getLocalPort();
      assertThatThrownBy(() -> lookUp(url)).isInstanceOf(RegistryUnavailableException.class);
    } finally {
      rude.close();
      resetting.join();
    }
  }

  private static void resetAll(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setSoLinger(true, 0);
        socket.close();
      }
    } catch (IOException closed) {
      // The test has seen enough.
    }
  }

  private static SchemaById lookUp(String url) throws Exception {
    RegistrySettings settings =
        RegistrySettings.of(url).withTimeouts(Duration.ofSeconds(2), Duration.ofMillis(500));
    try (SchemaRegistryClient client = settings.connect()) {
      return new RegisteredSchemas(client, settings.address()).byId(7);
    }
  }
}
