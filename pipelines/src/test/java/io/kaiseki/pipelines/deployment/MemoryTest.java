package io.kaiseki.pipelines.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kaiseki.inference.gguf.MemoryEstimate;
import io.kaiseki.inference.gguf.ModelShape;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.inference.llamacpp.ModelMemory;
import java.io.IOException;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.junit.jupiter.api.Test;

/**
 * A container that takes more memory than its limit is killed without a word, so the limits of the
 * deployment files are held against the engine's own arithmetic, for the model that they name, and
 * against Flink's.
 */
class MemoryTest {

  /** Heap for the records in flight, the decoding constraint and the answers kept. */
  private static final MemorySize LEAST_HEAP = MemorySize.ofMebiBytes(512);

  /** Classes, threads and compiled code of a command. */
  private static final MemorySize LEAST_REST = MemorySize.ofMebiBytes(384);

  @Test
  void a_task_manager_of_the_compose_file_holds_flink_and_the_model() throws IOException {
    JsonNode service = DeploymentFiles.read("compose.yaml").at("/services/taskmanager");
    Map<String, String> options = DeploymentFiles.options(service.path("command"));

    TaskExecutorProcessSpec memory = taskManager(options);

    assertThat(MemorySize.parse(service.path("mem_limit").asText()))
        .isEqualTo(memory.getTotalProcessMemorySize());
    assertHoldsTheModel(memory, DeploymentFiles.read("config/kaiseki.yaml"));
  }

  @Test
  void a_job_manager_of_the_compose_file_holds_flink() throws IOException {
    JsonNode service = DeploymentFiles.read("compose.yaml").at("/services/jobmanager");
    Configuration configuration = image();
    DeploymentFiles.options(service.path("command")).forEach(configuration::setString);

    JobManagerProcessSpec memory = JobManagerProcessUtils.processSpecFromConfig(configuration);

    assertThat(MemorySize.parse(service.path("mem_limit").asText()))
        .isEqualTo(memory.getTotalProcessMemorySize());
    assertThat(memory.getJvmHeapMemorySize()).isGreaterThan(MemorySize.ofMebiBytes(256));
  }

  @Test
  void a_command_of_the_compose_file_holds_its_heap_and_the_model() throws IOException {
    JsonNode service = DeploymentFiles.read("compose.yaml").at("/services/kaiseki");
    String heap = service.at("/environment/KAISEKI_JAVA_OPTS").asText();
    assertThat(heap).startsWith("-Xmx");

    MemorySize left =
        MemorySize.parse(service.path("mem_limit").asText())
            .subtract(MemorySize.parse(heap.substring("-Xmx".length())))
            .subtract(LEAST_REST);

    MemoryEstimate estimate = estimate(DeploymentFiles.read("config/kaiseki.yaml"));
    assertThat(left.getBytes())
        .as(estimate.explain())
        .isGreaterThanOrEqualTo(estimate.totalBytes());
  }

  @Test
  void a_task_manager_on_kubernetes_holds_flink_and_the_model() throws IOException {
    JsonNode spec = DeploymentFiles.read("kubernetes/base/job.yaml").path("spec");
    Map<String, String> options =
        new YAMLMapper()
            .convertValue(
                spec.path("flinkConfiguration"), new TypeReference<Map<String, String>>() {});
    options.put(
        "taskmanager.memory.process.size", spec.at("/taskManager/resource/memory").asText());

    assertHoldsTheModel(taskManager(options), DeploymentFiles.read("kubernetes/base/kaiseki.yaml"));
  }

  private static void assertHoldsTheModel(TaskExecutorProcessSpec memory, JsonNode settings) {
    MemoryEstimate estimate = estimate(settings);
    assertThat(memory.getTaskOffHeapSize().getBytes())
        .as(estimate.explain())
        .isGreaterThanOrEqualTo(estimate.totalBytes())
        // Reserved for nothing is money spent on nothing.
        .isLessThan(estimate.totalBytes() * 3 / 2);
    assertThat(memory.getTaskHeapSize()).isGreaterThanOrEqualTo(LEAST_HEAP);
  }

  private static MemoryEstimate estimate(JsonNode settings) {
    JsonNode model = settings.path("model");
    return ModelMemory.of(
        new LlamaCppSettings(
            model.path("file").asText(),
            "",
            model.path("slots").asInt(),
            model.path("context-tokens").asInt(),
            model.path("batch-tokens").asInt(),
            0,
            LlamaCppSettings.SHIPPED_LIBRARY),
        ModelShape.R1_DISTILL_QWEN_1_5B);
  }

  private static TaskExecutorProcessSpec taskManager(Map<String, String> options)
      throws IOException {
    Configuration configuration = image();
    options.forEach(configuration::setString);
    return TaskExecutorProcessUtils.processSpecFromConfig(configuration);
  }

  /** The configuration of the image. */
  private static Configuration image() throws IOException {
    Configuration configuration = new Configuration();
    DeploymentFiles.read("flink/config.yaml")
        .properties()
        .forEach(entry -> configuration.setString(entry.getKey(), entry.getValue().asText()));
    return configuration;
  }
}
