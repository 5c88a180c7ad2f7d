package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.analysis.AnalysisKeys;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeliverySettings;
import io.kaiseki.pipelines.config.JobSettings;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.embedded.EmbeddedBroker;
import io.kaiseki.schemas.Provenance;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith({ServicesExtension.class, FailureIsFinal.class})
class AnalysisJobIT {

  @TempDir Path checkpoints;

  @TempDir Path directory;

  @Test
  void every_document_ends_exactly_once_and_its_result_carries_where_it_came_from() {
    try (JobFixture job = fixture()) {
      Map<String, RecordMetadata> sent =
          IntStream.range(0, 100)
              .mapToObj(i -> "d" + i)
              .collect(
                  Collectors.toMap(
                      id -> id, id -> job.send(id, job.encode(id, "title", "body of " + id))));
      job.send("bad", "no document".getBytes(StandardCharsets.UTF_8));
      try (JobRun run = job.start(ScriptedEngine.answeringAfter(Duration.ofMillis(20)))) {
        job.awaitOutcomes(101, run);
      }

      assertThat(job.outcomes).extracting(Received::source).doesNotHaveDuplicates().hasSize(101);
      assertThat(job.outcomes).filteredOn(Received.Dead.class::isInstance).hasSize(1);
      assertThat(job.outcomes)
          .filteredOn(Received.Answered.class::isInstance)
          .extracting(outcome -> (Received.Answered) outcome)
          .allSatisfy(
              answered -> {
                String id = answered.result().documentId();
                assertThat(answered.record().key()).isEqualTo(id.getBytes(StandardCharsets.UTF_8));
                Provenance provenance = answered.result().provenance();
                assertThat(provenance.getSourceTopic()).isEqualTo(sent.get(id).topic());
                assertThat(provenance.getSourcePartition()).isEqualTo(sent.get(id).partition());
                assertThat(provenance.getSourceOffset()).isEqualTo(sent.get(id).offset());
                assertThat(provenance.getAnalysisVersion()).isEqualTo(job.definition.version());
              });
    }
  }

  @Test
  void at_least_once_results_show_before_any_checkpoint() {
    try (JobFixture job = fixture()) {
      DeliverySettings usual = job.settings.delivery();
      JobSettings settings =
          new JobSettings(
              job.settings.name(),
              job.settings.kafka(),
              job.settings.registry(),
              new DeliverySettings(
                  DeliverySettings.Guarantee.AT_LEAST_ONCE,
                  usual.checkpoints(),
                  Duration.ofHours(1),
                  usual.checkpointTimeout(),
                  usual.transactionTimeout()),
              job.settings.restart(),
              job.settings.parallelism());
      job.send("d", job.encode("d", "title", "body"));
      job.send("bad", new byte[] {1});
      try (JobRun run = job.start(settings, ScriptedEngine.answeringAfter(Duration.ZERO))) {
        job.await(() -> job.outcomes.size() >= 2, run);
      }
      job.readToEnd();

      assertThat(job.outcomes)
          .hasSize(2)
          .hasAtLeastOneElementOfType(Received.Answered.class)
          .hasAtLeastOneElementOfType(Received.Dead.class);
    }
  }

  @Test
  void a_job_goes_on_where_its_last_checkpoint_was_taken() {
    try (JobFixture job = fixture()) {
      List.of("d1", "d2").forEach(id -> job.send(id, job.encode(id, "title", "body")));
      try (JobRun run = job.start(ScriptedEngine.answeringAfter(Duration.ZERO))) {
        job.awaitOutcomes(2, run);
      }
      List.of("d3", "d4").forEach(id -> job.send(id, job.encode(id, "title", "body")));
      try (JobRun run = job.start(ScriptedEngine.answeringAfter(Duration.ZERO))) {
        assertThat(run.restoredFrom()).isPresent();
        job.awaitOutcomes(4, run);
      }

      assertThat(job.outcomes).extracting(Received::source).doesNotHaveDuplicates().hasSize(4);
    }
  }

  @Test
  void a_job_without_its_checkpoint_goes_on_where_its_group_was_last_seen() {
    try (JobFixture job = fixture();
        Admin admin = Admin.create(job.settings.kafka().properties())) {
      List.of("d1", "d2").forEach(id -> job.send(id, job.encode(id, "title", "body")));
      try (JobRun run = job.start(ScriptedEngine.answeringAfter(Duration.ZERO))) {
        // Either may be committed first, and an end in between would lose the results.
        job.await(() -> job.outcomes.size() == 2, run);
        job.await(() -> recordsBehind(job.settings.name(), admin) == 2, run);
      }
      job.send("d3", job.encode("d3", "title", "body"));
      AnalysisJob anew = job.job(job.settings, ScriptedEngine.answeringAfter(Duration.ZERO));
      try (JobRun run = JobRun.start(anew, new JobRun.Restore.Nothing())) {
        assertThat(run.restoredFrom()).isEmpty();
        job.awaitOutcomes(3, run);
      }

      assertThat(job.outcomes)
          .extracting(outcome -> new String(outcome.record().key(), StandardCharsets.UTF_8))
          .containsExactlyInAnyOrder("d1", "d2", "d3");
    }
  }

  @Test
  void a_job_does_not_go_on_from_a_checkpoint_on_another_cluster() throws Exception {
    try (JobFixture job = fixture();
        EmbeddedBroker other = EmbeddedBroker.start(directory.resolve("other"))) {
      job.send("d", job.encode("d", "title", "body"));
      try (JobRun run = job.start(ScriptedEngine.answeringAfter(Duration.ZERO))) {
        job.awaitOutcomes(1, run);
      }
      JobSettings elsewhere =
          JobFixture.settings(
              job.settings.name(),
              KafkaSettings.plain(other.bootstrapServers()),
              job.settings.registry(),
              checkpoints);
      List<ConfigurationProblem> problems = new ArrayList<>();
      new Readiness(job.definition, elsewhere, new Readiness.Permissions(true, 2, true))
          .establish(problems);
      assertThat(problems).isEmpty();

      try (JobRun run = job.start(elsewhere, ScriptedEngine.answeringAfter(Duration.ZERO))) {
        assertThat(run.restoredFrom()).isPresent();
        assertThat(run.result())
            .failsWithin(Duration.ofMinutes(1))
            .withThrowableThat()
            .havingRootCause()
            .isInstanceOf(OtherOriginException.class)
            .withMessageContaining("--restore none");
      }
    }
  }

  @Test
  void topics_are_made_with_a_partition_at_least() throws Exception {
    try (JobFixture job = fixture()) {
      List<ConfigurationProblem> problems = new ArrayList<>();
      new Readiness(
              JobFixture.definition("never-made", AnalysisOverrides.none()),
              job.settings,
              new Readiness.Permissions(true, 0, true))
          .establish(problems);
      assertThat(problems)
          .singleElement()
          .hasToString("--partitions = 0: a topic has at least one");
    }
  }

  @Test
  void a_job_does_not_go_on_in_a_topic_that_was_made_anew() throws Exception {
    try (JobFixture job = fixture()) {
      job.send("d1", job.encode("d1", "title", "body"));
      try (JobRun run = job.start(ScriptedEngine.answeringAfter(Duration.ZERO))) {
        job.awaitOutcomes(1, run);
      }
      String documents = job.definition.topics().documents();
      try (Admin admin = Admin.create(job.settings.kafka().properties())) {
        admin.deleteTopics(List.of(documents)).all().get();
        Awaitility.await()
            .ignoreExceptions()
            .until(
                () -> {
                  admin.createTopics(List.of(new NewTopic(documents, 2, (short) 1))).all().get();
                  return true;
                });
      }

      try (JobRun run = job.start(ScriptedEngine.answeringAfter(Duration.ZERO))) {
        assertThat(run.result())
            .failsWithin(Duration.ofMinutes(1))
            .withThrowableThat()
            .havingRootCause()
            .isInstanceOf(OtherOriginException.class)
            .withMessageContainingAll(documents, "made anew");
      }
    }
  }

  @Test
  void a_document_longer_than_the_context_is_read_masked_and_in_parts_and_its_result_says_so() {
    AnalysisOverrides overrides =
        AnalysisOverrides.none()
            .with(AnalysisKeys.LONG_DOCUMENTS, "split", "test")
            .withText(AnalysisKeys.MASKING_VALUES, "email", "test");
    LlamaCppSettings small =
        new LlamaCppSettings(
            TinyModel.file().toString(), "", 2, 3_072, 256, 1, LlamaCppSettings.SHIPPED_LIBRARY);
    String page = "Your page says it was delivered, but it was not. Write to anna@example.org.\n\n";
    try (JobFixture job =
        new JobFixture(
            ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints, overrides)) {
      job.send("long", job.encode("long", "Late parcel", page.repeat(300)));
      job.send("short", job.encode("short", "Late parcel", page));
      try (JobRun run = job.start(LlamaCppEngine.source(small))) {
        job.awaitOutcomes(2, run);
      }

      assertThat(job.outcomes).hasSize(2).allMatch(Received.Answered.class::isInstance);
      assertThat(job.outcomes)
          .extracting(outcome -> ((Received.Answered) outcome).result())
          .allSatisfy(
              result -> {
                int chunks = result.provenance().getChunks();
                assertThat(chunks > 1).isEqualTo(result.documentId().equals("long"));
                assertThat(result.provenance().getTruncated()).isFalse();
                assertThat(result.provenance().getMasked()).isEqualTo(Map.of("email", 1));
                assertThat(result.confidences()).hasSize(2);
              });
    }
  }

  /** How many records of its topic a group has behind it, by the offsets that it committed. */
  private static long recordsBehind(String group, Admin admin) {
    try {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(OffsetAndMetadata::offset)
          .sum();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private JobFixture fixture() {
    return new JobFixture(ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints);
  }
}
