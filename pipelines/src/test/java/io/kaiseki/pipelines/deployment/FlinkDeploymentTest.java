package io.kaiseki.pipelines.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
      // The definition in use here is that of an older release, whose list ends before the Flink of
      // this build; that of 1.15 does too. The one that docs/OPERATIONS.md asks for has it.
      ((ArrayNode) open.at("/properties/spec/properties/flinkVersion/enum"))
          .add(flinkOfThisBuild());
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
  void a_flink_that_is_neither_in_its_list_nor_that_of_this_build_is_found() throws IOException {
    ObjectNode mistyped = DeploymentFiles.read("kubernetes/base/job.yaml").deepCopy();
    ((ObjectNode) mistyped.path("spec")).put("flinkVersion", "v2.3");

    assertThat(schema.validate(mistyped)).singleElement().asString().contains("flinkVersion");
  }

  @Test
  void it_names_the_flink_of_this_build() throws IOException {
    assertThat(DeploymentFiles.read("kubernetes/base/job.yaml").at("/spec/flinkVersion").asText())
        .isEqualTo(flinkOfThisBuild());
  }

  @Test
  void no_variable_of_a_service_reaches_the_settings_of_the_job() throws IOException {
    assertThat(
            DeploymentFiles.read("kubernetes/base/job.yaml")
                .at("/spec/podTemplate/spec/enableServiceLinks")
                .asBoolean(true))
        .isFalse();
  }

  @Test
  void what_the_image_forbids_on_the_web_page_is_forbidden_where_its_configuration_is_hidden()
      throws IOException {
    JsonNode configuration =
        DeploymentFiles.read("kubernetes/base/job.yaml").at("/spec/flinkConfiguration");

    assertThat(DeploymentFiles.read("flink/config.yaml").properties())
        .filteredOn(setting -> setting.getKey().startsWith("web."))
        .hasSize(2)
        .allSatisfy(
            setting ->
                assertThat(configuration.path(setting.getKey()).asText())
                    .as(setting.getKey())
                    .isEqualTo(setting.getValue().asText()));
  }

  private static String flinkOfThisBuild() {
    String[] release =
        StreamExecutionEnvironment.class.getPackage().getImplementationVersion().split("\\.");
    return "v" + release[0] + "_" + release[1];
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
