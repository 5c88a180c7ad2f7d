package io.kaiseki.pipelines.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnNamesTest {

  private final OwnNames names = new OwnNames(Set.of("Desk.example", "fd00::7"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:8642",
        "127.0.0.1:80",
        "[::1]",
        "[::1]:8642",
        "desk.example",
        "DESK.EXAMPLE:9000",
        "[fd00::7]:9000"
      })
  void this_machine_is_known_by_its_names_with_a_port_or_without(String host) {
    assertThat(names.contains(host)).isTrue();
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80"})
  void no_other_name_is_its_own(String host) {
    assertThat(names.contains(host)).isFalse();
  }

  @Test
  void a_page_has_the_origin_of_the_server_that_it_was_loaded_from() {
    assertThat(OwnNames.sameOrigin("http://LocalHost:8642", "localhost:8642")).isTrue();
    assertThat(OwnNames.sameOrigin(null, "localhost:8642")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:3000", "http://evil.example", "null", "file://", "a b"})
  void a_page_from_elsewhere_has_another(String origin) {
    assertThat(OwnNames.sameOrigin(origin, "localhost:8642")).isFalse();
    assertThat(OwnNames.sameOrigin(origin, null)).isFalse();
  }

  @Test
  void an_address_of_ipv6_stands_in_brackets_in_a_url() {
    assertThat(OwnNames.inUrl("::1")).isEqualTo("[::1]");
    assertThat(OwnNames.inUrl("[::1]")).isEqualTo("[::1]");
    assertThat(OwnNames.inUrl("127.0.0.1")).isEqualTo("127.0.0.1");
  }
}
