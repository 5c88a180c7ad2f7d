package io.kaiseki.pipelines.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.JobRun;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Records whose dead letters are as large as Kafka takes them, or larger. */
@ExtendWith(ServicesExtension.class)
class LargeRecordsIT {

  private static final int TEN_MEGABYTES = 10_000_000;
  private static final String LARGE = String.valueOf(12_000_000);

  @TempDir Path checkpoints;

  private final Ledger ledger = new Ledger();
  private final CountedEngine engine = new CountedEngine(TinyEngine.source());

  @Test
  void a_dead_letter_of_ten_megabytes_gives_the_record_back_whole() {
    try (JobFixture job = fixture(LARGE, LARGE)) {
      byte[] document = job.encode("large", "title", "0123456789".repeat(TEN_MEGABYTES / 10));
      byte[] noise = new byte[TEN_MEGABYTES];
      new Random(1).nextBytes(noise);
      noise[0] = 1;
      ledger.document(job.send("large", document), "large");
      RecordMetadata undecodable = job.send("noise", noise);
      ledger.undecodable(undecodable);

      run(job);

      Map<String, Received> outcomes = Ledger.bySource(job.outcomes);
      DeadLetter decoded = letter(outcomes.remove(Ledger.coordinates(undecodable)));
      assertThat(decoded.getReason()).isEqualTo(DeadLetterReason.UNDECODABLE);
      assertThat(decoded.getOriginalValue().array()).isEqualTo(noise);
      DeadLetter tooLong = letter(outcomes.values().iterator().next());
      assertThat(tooLong.getReason()).isEqualTo(DeadLetterReason.TOO_LONG);
      assertThat(tooLong.getMessage()).contains("has 10000007 characters, but at most");
      assertThat(tooLong.getOriginalValue().array()).isEqualTo(document);
      assertThat(tooLong.getOriginalOmitted()).isFalse();
    }
  }

  @Test
  void a_dead_letter_that_no_topic_would_take_leaves_the_original_where_it_is() {
    try (JobFixture job =
        new JobFixture(ServicesExtension.kafka(), ServicesExtension.registry(), checkpoints)) {
      byte[] value = new byte[1_048_000];
      value[0] = 1;
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(job.definition.topics().documents(), new byte[64], value);
      record.headers().add("trace", new byte[128]);
      RecordMetadata sent = job.send(record);
      ledger.undecodable(sent);
      ledger.document(job.send("next", job.encode("next", "title", "body")), "next");

      run(job);

      Received.Dead dead =
          (Received.Dead) Ledger.bySource(job.outcomes).get(Ledger.coordinates(sent));
      assertThat(dead.letter().getReason()).isEqualTo(DeadLetterReason.UNDECODABLE);
      assertThat(dead.letter().getOriginalOmitted()).isTrue();
      assertThat(dead.letter().getOriginalValue()).isNull();
      assertThat(dead.letter().getOriginalHeaders()).isEmpty();
      assertThat(dead.letter().getSourceOffset()).isEqualTo(sent.offset());
      assertThat(dead.record().headers().lastHeader("__connect.errors.offset").value())
          .isEqualTo(String.valueOf(sent.offset()).getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void a_sink_topic_that_takes_less_than_the_job_may_write_is_refused_at_the_start() {
    assertThatThrownBy(() -> fixture(LARGE, "5000000"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("kafka.max.request.size")
        .hasMessageContaining("12000000")
        .hasMessageContaining("-dead takes (max.message.bytes = 5000000)")
        .hasMessageContaining("-out takes");
  }

  @Test
  void a_limit_that_is_no_number_is_named() {
    assertThatThrownBy(() -> fixture("10 MB", LARGE))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("kafka.max.request.size")
        .hasMessageContaining("10 MB");
  }

  private JobFixture fixture(String requestBytes, String topicBytes) {
    KafkaSettings kafka =
        new KafkaSettings(
            ServicesExtension.kafka().bootstrapServers(),
            Map.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, requestBytes));
    return new JobFixture(
        JobFixture.freshName(),
        kafka,
        ServicesExtension.registry(),
        checkpoints,
        AnalysisOverrides.none(),
        Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, topicBytes));
  }

  private void run(JobFixture job) {
    try (JobRun run = job.start(engine)) {
      job.awaitOutcomes(ledger.size(), run);
      assertThat(run.status()).contains(JobStatus.RUNNING);
    }
    ledger.assertSettledBy(job.outcomes);
    assertThat(engine.opened()).as("subtasks opened").isEqualTo(job.settings.parallelism());
  }

  private static DeadLetter letter(Received outcome) {
    return ((Received.Dead) outcome).letter();
  }
}
