package io.kaiseki.pipelines.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom the pods of jobs may talk to. */
class NetworkTest {

  @Test
  void every_host_is_reached_by_the_ports_of_the_interface_of_kubernetes_alone()
      throws IOException {
    List<Integer> open = new ArrayList<>();
    for (JsonNode rule : DeploymentFiles.read("kubernetes/base/network.yaml").at("/spec/egress")) {
      if (!rule.has("to")) {
        assertThat(rule.path("ports")).as("a rule without hosts and ports is no rule").isNotEmpty();
        rule.path("ports").forEach(port -> open.add(port.path("port").asInt()));
      }
    }

    assertThat(open).containsExactly(443, 6443);
  }
}
