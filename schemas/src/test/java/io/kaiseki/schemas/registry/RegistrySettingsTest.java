package io.kaiseki.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.schemas.registry.RegistryTls.Keystore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegistrySettingsTest {

  private static final RegistrySettings FULL =
      RegistrySettings.of("https://registry:8081")
          .withCredentials(new RegistryCredentials.Basic("desk", Secret.of("s3cret")))
          .withTls(
              new RegistryTls(
                  Keystore.pkcs12("trust.p12", Secret.of("s3cret")),
                  Keystore.pkcs12("keys.p12", Secret.of("s3cret"))));

  @Test
  void settings_print_without_secrets() {
    assertThat(FULL.toString()).contains("desk", "trust.p12", "******").doesNotContain("s3cret");
  }

  @Test
  void settings_survive_the_journey_in_a_job_graph() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(FULL);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(FULL);
    }
  }

  @Test
  void all_mistakes_are_reported_together() {
    assertThatThrownBy(
            () ->
                new RegistrySettings(
                    List.of("registry:8081", "http://a b"),
                    new RegistryCredentials.Anonymous(),
                    null,
                    Duration.ZERO,
                    Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("registry:8081", "http://a b", "connect timeout", "read timeout");
  }

  @Test
  void a_password_in_the_url_is_refused_without_printing_it() {
    assertThatThrownBy(() -> RegistrySettings.of("http://desk:s3cret@registry:8081"))
        .hasMessageContaining("use the credentials settings")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void a_user_with_a_colon_is_refused() {
    assertThatThrownBy(() -> new RegistryCredentials.Basic("a:b", Secret.of("x")))
        .hasMessageContaining("a:b");
  }
}
