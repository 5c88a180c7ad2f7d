package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job as Flink gets it, without a cluster. */
class AnalysisJobTest {

  @TempDir Path checkpoints;

  @Test
  void documents_whose_result_is_too_large_reach_the_dead_letters() {
    StreamGraph graph = graph();
    StreamNode route =
        graph.getStreamNodes().stream()
            .filter(node -> node.getOperatorName().equals("route"))
            .findFirst()
            .orElseThrow();

    assertThat(route.getOutEdges())
        .filteredOn(edge -> RouteResults.TOO_LARGE.equals(edge.getOutputTag()))
        .extracting(StreamEdge::getTargetId)
        .map(target -> graph.getStreamNode(target).getOperatorName())
        .singleElement()
        .asString()
        .startsWith("dead letters");
  }

  private StreamGraph graph() {
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
    new AnalysisJob(
            JobFixture.definition("t", AnalysisOverrides.none()),
            JobFixture.settings(
                "letters",
                KafkaSettings.plain("localhost:1"),
                RegistrySettings.of("mock://analysis-job"),
                checkpoints),
            ScriptedEngine.answeringAfter(Duration.ZERO),
            new SchemaIds(1, 2))
        .addTo(environment);
    return environment.getStreamGraph();
  }
}
