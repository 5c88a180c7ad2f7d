package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaiseki.inference.Analysis;
import io.kaiseki.inference.FailureReason;
import io.kaiseki.pipelines.analysis.AnalysisOverrides;
import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.schemas.DeadLetter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** A dead letter that Kafka would refuse must not stop the job. */
class LargestRecordTest {

  private static final int SCHEMA_ID = 7;

  private final Analysis analysis =
      JobFixture.definition("t", AnalysisOverrides.none()).toAnalysis();

  @Test
  void a_dead_letter_that_fits_gives_the_record_back_whole() throws Exception {
    DeadLetter letter = letter(new byte[500], new LargestRecord(4_000));

    assertThat(letter.getOriginalOmitted()).isFalse();
    assertThat(letter.getOriginalValue()).isEqualTo(ByteBuffer.wrap(new byte[500]));
    assertThat(letter.getOriginalHeaders()).hasSize(1);
  }

  @Test
  void one_that_does_not_fit_leaves_the_record_at_its_coordinates_and_says_so() throws Exception {
    DeadLetter letter = letter(new byte[10_000], new LargestRecord(4_000));

    assertThat(letter.getOriginalOmitted()).isTrue();
    assertThat(letter.getOriginalValue()).isNull();
    assertThat(letter.getSourceTopic()).isEqualTo("in");
    assertThat(letter.getSourceOffset()).isEqualTo(42);
  }

  @Test
  void the_users_own_limit_decides_and_the_buffer_holds_two_such_records() {
    Properties producer = new Properties();
    LargestRecord.of(kafka(Map.of("max.request.size", "100000000"))).applyTo(producer);

    assertThat(producer)
        .containsEntry("max.request.size", "100000000")
        .containsEntry("buffer.memory", "200000000");
    assertThat(LargestRecord.of(kafka(Map.of())).bytes()).isEqualTo(64 << 20);
  }

  @Test
  void a_limit_that_is_no_number_is_named() {
    assertThatThrownBy(() -> LargestRecord.of(kafka(Map.of("max.request.size", "10 MB"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("kafka.max.request.size = 10 MB");
  }

  private DeadLetter letter(byte[] value, LargestRecord largest) throws Exception {
    RawRecord source =
        new RawRecord(
            "in",
            1,
            42,
            1_000,
            new byte[3],
            value,
            List.of(new RawRecord.RawHeader("h", new byte[9])));
    ProducerRecord<byte[], byte[]> written =
        new DeadLetterRecordSerializer("dead", "job", analysis, SCHEMA_ID, largest)
            .serialize(
                new Rejection(
                    source, null, Rejection.Stage.DECODE, FailureReason.UNDECODABLE, "bad", 1),
                null,
                null);
    assertThat(largest.admits(Objects.requireNonNull(written))).isTrue();
    byte[] avro = Arrays.copyOfRange(written.value(), 5, written.value().length);
    return new SpecificDatumReader<>(DeadLetter.class)
        .read(null, DecoderFactory.get().binaryDecoder(avro, null));
  }

  private static KafkaSettings kafka(Map<String, String> client) {
    return new KafkaSettings("localhost:9092", client);
  }
}
