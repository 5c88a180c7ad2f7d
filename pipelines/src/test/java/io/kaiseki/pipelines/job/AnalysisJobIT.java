package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.llamacpp.LlamaCppEngine;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import io.kaiseki.pipelines.analysis.AnalysisKeys;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.schemas.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ServicesExtension.class)
class AnalysisJobIT {

  @TempDir Path checkpoints;

  @Test
  void every_document_ends_exactly_once_in_results_or_dead_letters() {
    try (JobFixture job = fixture()) {
      IntStream.range(0, 100)
          .forEach(i -> job.send("d" + i, job.encode("d" + i, "title", "body " + i)));
      job.send("bad", "no document".getBytes(StandardCharsets.UTF_8));
      try (JobRun run = job.start(ScriptedEngine.answeringAfter(Duration.ofMillis(20)))) {
        job.awaitOutcomes(101, run);
      }

      assertThat(job.outcomes).extracting(Received::source).doesNotHaveDuplicates().hasSize(101);
      assertThat(job.outcomes).filteredOn(Received.Dead.class::isInstance).hasSize(1);
    }
  }

  @Test
  void a_result_carries_where_it_came_from() {
    try (JobFixture job = fixture()) {
      RecordMetadata sent = job.send("d1", job.encode("d1", "title", "body"));
      try (JobRun run = job.start(ScriptedEngine.answeringAfter(Duration.ZERO))) {
        job.awaitOutcomes(1, run);
      }

      Received.Answered answered = (Received.Answered) job.outcomes.get(0);
      assertThat(answered.record().key()).isEqualTo("d1".getBytes(StandardCharsets.UTF_8));
      assertThat(answered.result().documentId()).isEqualTo("d1");
      assertThat(answered.result().provenance())
          .satisfies(
              provenance -> {
                assertThat(provenance.getSourceTopic()).isEqualTo(sent.topic());
                assertThat(provenance.getSourcePartition()).isEqualTo(sent.partition());
                assertThat(provenance.getSourceOffset()).isEqualTo(sent.offset());
                assertThat(provenance.getAnalysisVersion()).isEqualTo(job.definition.version());
              });
    }
  }

  @Test
  void a_dead_letter_gives_the_original_record_back_byte_for_byte() {
    try (JobFixture job = fixture()) {
      byte[] value = {7, 1, 2, 3};
      ProducerRecord<byte[], byte[]> original =
          new ProducerRecord<>(
              job.definition.topics().documents(), 1, 1_700_000_000_000L, new byte[] {9}, value);
      original.headers().add("trace", new byte[] {5}).add("trace", null);
      RecordMetadata sent = job.send(original);
      try (JobRun run = job.start(ScriptedEngine.answeringAfter(Duration.ZERO))) {
        job.awaitOutcomes(1, run);
      }

      Received.Dead dead = (Received.Dead) job.outcomes.get(0);
      assertThat(dead.letter().getReason()).isEqualTo(DeadLetterReason.UNDECODABLE);
      assertThat(dead.letter().getOriginalValue().array()).isEqualTo(value);
      assertThat(dead.letter().getOriginalKey().array()).isEqualTo(new byte[] {9});
      assertThat(dead.letter().getOriginalHeaders())
          .extracting(header -> header.getKey())
          .containsExactly("trace", "trace");
      assertThat(dead.letter().getSourceOffset()).isEqualTo(sent.offset());
      assertThat(dead.record().key()).isEqualTo(new byte[] {9});
      assertThat(dead.record().timestamp()).isEqualTo(1_700_000_000_000L);
      assertThat(header(dead, "__connect.errors.topic"))
          .isEqualTo(job.definition.topics().documents());
      assertThat(header(dead, "__connect.errors.partition")).isEqualTo("1");
      assertThat(header(dead, "__connect.errors.stage")).isEqualTo("decode");
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

  private JobFixture fixture() {
    return new JobFixture(ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints);
  }

  private static String header(Received.Dead dead, String name) {
    return new String(dead.record().headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
