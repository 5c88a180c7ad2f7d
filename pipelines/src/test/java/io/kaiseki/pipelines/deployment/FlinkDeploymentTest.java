package io.kaiseki.pipelines.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The FlinkDeployment, held against the schema under which Kubernetes takes it. */
class FlinkDeploymentTest {

  private static final String DEFINITION =
      "/META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml";

  private static JsonSchema schema;

  @BeforeAll
  static void definition() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(FlinkDeploymentTest.class.getResourceAsStream(DEFINITION))) {
      JsonNode definition =
          DeploymentFiles.all(new String(in.readAllBytes(), StandardCharsets.UTF_8)).get(0);
      ObjectNode open = (ObjectNode) definition.at("/spec/versions/0/schema/openAPIV3Schema");
      // The one on Maven Central was written before the versions of Flink that it lists went on.
      ((ObjectNode) open.at("/properties/spec/properties/flinkVersion")).remove("enum");
      ((ObjectNode) open.path("properties")).putObject("apiVersion").put("type", "string");
      ((ObjectNode) open.path("properties")).putObject("kind").put("type", "string");
      ((ObjectNode) open.path("properties")).putObject("metadata").put("type", "object");
      refuseUnknown(open);
      schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(open);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubernetes/base/job.yaml", "kubernetes/overlays/gpu/job.yaml"})
  void it_is_what_the_operator_takes(String file) throws IOException {
    assertThat(schema.validate(DeploymentFiles.read(file))).isEmpty();
  }

  @Test
  void what_the_operator_does_not_know_is_found() throws IOException {
    ObjectNode mistyped = DeploymentFiles.read("kubernetes/base/job.yaml").deepCopy();
    ((ObjectNode) mistyped.at("/spec/job")).put("upgradeMod", "savepoint");

    assertThat(schema.validate(mistyped)).singleElement().asString().contains("upgradeMod");
  }

  @Test
  void it_names_the_flink_of_this_build() throws IOException {
    String[] release =
        StreamExecutionEnvironment.class.getPackage().getImplementationVersion().split("\\.");

    assertThat(DeploymentFiles.read("kubernetes/base/job.yaml").at("/spec/flinkVersion").asText())
        .isEqualTo("v" + release[0] + "_" + release[1]);
  }

  /** Kubernetes drops fields that a schema does not know; here they are mistakes. */
  private static void refuseUnknown(JsonNode node) {
    boolean closed =
        node.has("properties")
            && !node.has("additionalProperties")
            && !node.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    if (closed) {
      ((ObjectNode) node).put("additionalProperties", false);
    }
    node.forEach(FlinkDeploymentTest::refuseUnknown);
  }
}
