package io.kaiseki.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.kaiseki.schemas.registry.RegistryTls.Keystore;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTlsTest {

  private static final String PASSWORD = "changeit";
  private static final String SCHEMA = "{\"type\":\"record\",\"name\":\"Ticket\",\"fields\":[]}";

  @TempDir private static Path folder;
  private static Path keystore;
  private static RegistryStub stub;

  /** A registry whose self-signed certificate is for localhost, and not for 127.0.0.1. */
  @BeforeAll
  static void startRegistry() throws Exception {
    keystore = folder.resolve("registry.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process =
        new ProcessBuilder(
                List.of(
                    keytool,
                    "-genkeypair",
                    "-alias",
                    "registry",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost",
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    keystore.toString(),
                    "-storepass",
                    PASSWORD))
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    stub = RegistryStub.start(serverContext()).schema(7, SCHEMA);
  }

  @AfterAll
  static void stopRegistry() {
    stub.close();
  }

  @Test
  void a_registry_is_trusted_by_the_truststore() throws Exception {
    try (SchemaRegistryClient client = trusting(stub.url("localhost")).connect()) {
      assertThat(new RegisteredSchemas(client, stub.url()).byId(7))
          .isInstanceOf(SchemaById.Known.class);
    }
  }

  @Test
  void a_certificate_for_another_host_is_refused() throws Exception {
    try (SchemaRegistryClient client = trusting(stub.url("127.0.0.1")).connect()) {
      RegisteredSchemas schemas = new RegisteredSchemas(client, stub.url("127.0.0.1"));
      assertThatThrownBy(() -> schemas.byId(7))
          .isInstanceOf(RegistryRefusedException.class)
          .hasMessageContaining("host name");
    }
  }

  @Test
  void a_certificate_nobody_vouches_for_is_refused() throws Exception {
    try (SchemaRegistryClient client = RegistrySettings.of(stub.url()).connect()) {
      RegisteredSchemas schemas = new RegisteredSchemas(client, stub.url());
      assertThatThrownBy(() -> schemas.byId(7))
          .isInstanceOf(RegistryRefusedException.class)
          .hasMessageContaining("check the truststore");
    }
  }

  @Test
  void a_truststore_that_can_not_be_read_is_refused_before_anything_is_asked() {
    Keystore otherPassword = Keystore.pkcs12(keystore.toString(), Secret.of("planted-secret"));
    Keystore otherType = new Keystore(keystore.toString(), "PEM", null, null);
    Keystore pemUnderPassword =
        new Keystore(keystore.toString(), "PEM", Secret.of("planted-secret"), null);
    Keystore absent = Keystore.pkcs12(folder.resolve("absent.p12").toString(), Secret.of(PASSWORD));

    assertRefused(otherPassword, "password was incorrect");
    assertRefused(otherType, "PEM");
    assertRefused(pemUnderPassword, "PEM");
    assertRefused(absent, "absent.p12");
  }

  private static void assertRefused(Keystore truststore, String why) {
    RegistrySettings settings = trusting(stub.url("localhost"), truststore);

    assertThatThrownBy(settings::connect)
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining(stub.url("localhost"))
        .hasMessageContaining("registry.truststore.*")
        .hasMessageContaining(why)
        .hasMessageNotContaining("planted-secret");
  }

  private static RegistrySettings trusting(String url) {
    return trusting(url, Keystore.pkcs12(keystore.toString(), Secret.of(PASSWORD)));
  }

  private static RegistrySettings trusting(String url, Keystore truststore) {
    return RegistrySettings.of(url).withTls(new RegistryTls(truststore, null));
  }

  private static SSLContext serverContext() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keystore)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
