package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The topic of dead letters as a broker has it. */
@ExtendWith(ServicesExtension.class)
class DeadLetterTopicIT {

  @TempDir Path checkpoints;
  private JobFixture job;
  private Admin admin;
  private ConfigResource deadLetters;

  @BeforeEach
  void topics() {
    job = new JobFixture(ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints);
    admin = Admin.create(ServicesExtension.kafka().properties());
    deadLetters =
        new ConfigResource(ConfigResource.Type.TOPIC, job.definition.topics().deadLetters());
  }

  @AfterEach
  void end() {
    admin.close();
    job.close();
  }

  @Test
  void a_topic_that_is_made_takes_dead_letters_of_any_age() throws Exception {
    String any = String.valueOf(Long.MAX_VALUE);
    Config made = admin.describeConfigs(List.of(deadLetters)).all().get().get(deadLetters);

    assertThat(made.get(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG).value()).isEqualTo(any);
    assertThat(made.get(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG).value()).isEqualTo(any);
    assertThat(problems()).isEmpty();
  }

  @Test
  void a_topic_that_would_refuse_dead_letters_of_old_documents_is_told_before_the_job_starts()
      throws Exception {
    set(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, "3600000");

    soon(
        () ->
            assertThat(problems())
                .extracting(ConfigurationProblem::toString)
                .singleElement(STRING)
                .startsWith("topics.dead-letters = " + deadLetters.name())
                .contains("message.timestamp.before.max.ms is 3600000"));

    set(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");

    soon(() -> assertThat(problems()).isEmpty());
  }

  @Test
  void a_topic_that_does_not_fit_is_told_beside_what_else_is_wrong() throws Exception {
    set(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "100000");
    DeliverySettings usual = job.settings.delivery();
    DeliverySettings hasty =
        new DeliverySettings(
            usual.guarantee(),
            usual.checkpoints(),
            usual.checkpointInterval(),
            Duration.ofMillis(1),
            usual.transactionTimeout());
    JobSettings settings =
        new JobSettings(
            job.settings.name(),
            job.settings.kafka(),
            job.settings.registry(),
            hasty,
            job.settings.restart(),
            job.settings.parallelism());

    soon(
        () ->
            assertThat(problems(settings))
                .extracting(ConfigurationProblem::key)
                .containsExactly("job.checkpoint-timeout", "topics.dead-letters"));
  }

  /** A broker applies what the controller has taken a moment later. */
  private static void soon(ThrowingRunnable assertion) {
    Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(assertion);
  }

  private List<ConfigurationProblem> problems() {
    return problems(job.settings);
  }

  private List<ConfigurationProblem> problems(JobSettings settings) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    new Readiness(job.definition, settings, Readiness.Permissions.NONE).establish(problems);
    return problems;
  }

  private void set(String key, String value) throws Exception {
    AlterConfigOp change = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(deadLetters, List.of(change))).all().get();
  }
}
