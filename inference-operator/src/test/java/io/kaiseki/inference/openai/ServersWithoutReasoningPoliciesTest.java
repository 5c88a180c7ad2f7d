package io.kaiseki.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServersWithoutReasoningPoliciesTest {

  @Test
  void only_another_kaiseki_keeps_to_a_reasoning_policy() throws Exception {
    try (ScriptedServer kaiseki = kaiseki();
        ScriptedServer other = new ScriptedServer()) {
      assertThat(withoutPolicies(kaiseki.url())).isEmpty();
      assertThat(withoutPolicies(kaiseki.url(), other.url())).containsExactly(other.url() + "/v1");
    }
  }

  @Test
  void a_server_that_does_not_list_its_models_is_no_kaiseki() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      server.modelsStatus = 404;

      assertThat(withoutPolicies(server.url())).containsExactly(server.url() + "/v1");
    }
  }

  @Test
  void of_servers_that_are_not_well_nothing_is_said() throws Exception {
    try (ScriptedServer ill = new ScriptedServer();
        ScriptedServer other = new ScriptedServer()) {
      ill.modelsStatus = 503;

      assertThat(withoutPolicies(ill.url(), other.url())).isEmpty();
    }
  }

  private static List<String> withoutPolicies(URI... servers) {
    return OpenAiEngine.withoutReasoningPolicies(
        new OpenAiSettings(List.of(servers), "m", null, 2, 0, ""));
  }

  private static ScriptedServer kaiseki() throws Exception {
    ScriptedServer server = new ScriptedServer();
    server.models = "{\"data\":[{\"id\":\"m\",\"kaiseki\":{}}]}";
    return server;
  }
}
