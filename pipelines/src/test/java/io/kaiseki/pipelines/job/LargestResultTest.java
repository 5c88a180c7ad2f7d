package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.job.LargestResult.Excess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What Kafka would refuse is known before it is sent, and what it takes is not held back. */
class LargestResultTest {

  private static final String TOPIC = "moods.results";
  private static final byte[] PROSE = "It says so. ".repeat(1_000).getBytes(StandardCharsets.UTF_8);
  private static final byte[] NOISE = noise(12_000);

  @Test
  void the_producer_measures_before_compression() {
    LargestResult largest = largest(Map.of("max.request.size", "10000"), Map.of());

    assertThat(largest.excess(record(PROSE)))
        .hasValue(new Excess(LargestRecord.size(record(PROSE)), 10_000, "kafka.max.request.size"));
    assertThat(largest.excess(record(new byte[9_000]))).isEmpty();
  }

  @Test
  void a_topic_measures_what_is_sent_compressed() {
    LargestResult largest = largest(Map.of(), Map.of(TOPIC, new TopicLimit(10_000, true)));

    assertThat(largest.excess(record(PROSE))).isEmpty();
    assertThat(largest.excess(record(NOISE)))
        .hasValueSatisfying(
            excess -> {
              assertThat(excess.bytes()).isGreaterThan(10_000);
              assertThat(excess.most()).isEqualTo(10_000);
              assertThat(excess.setting()).isEqualTo("max.message.bytes of topic " + TOPIC);
            });
  }

  @Test
  void compression_is_not_counted_on_where_it_is_off_or_another_one() {
    Map<String, TopicLimit> limit = Map.of(TOPIC, new TopicLimit(10_000, true));

    assertThat(largest(Map.of("compression.type", "none"), limit).excess(record(PROSE)))
        .isPresent();
    assertThat(largest(Map.of("compression.zstd.level", "1"), limit).excess(record(PROSE)))
        .isPresent();
    assertThat(
            largest(Map.of(), Map.of(TOPIC, new TopicLimit(10_000, false))).excess(record(PROSE)))
        .isPresent();
  }

  @Test
  void of_a_topic_that_may_not_be_asked_the_limit_of_the_producer_is_left() {
    LargestResult largest = largest(Map.of(), Map.of("another", new TopicLimit(10, true)));

    assertThat(largest.excess(record(NOISE))).isEmpty();
  }

  @Test
  void a_topic_says_what_it_takes_and_whether_it_compresses_anew() {
    assertThat(TopicLimit.of(config("producer"))).hasValue(new TopicLimit(1_048_588, true));
    assertThat(TopicLimit.of(config("uncompressed"))).hasValue(new TopicLimit(1_048_588, false));
    assertThat(TopicLimit.of(new Config(List.of()))).isEmpty();
  }

  static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(7).nextBytes(noise);
    return noise;
  }

  private static Config config(String compression) {
    return new Config(
        List.of(
            new ConfigEntry("max.message.bytes", "1048588"),
            new ConfigEntry("compression.type", compression)));
  }

  private static LargestResult largest(Map<String, String> client, Map<String, TopicLimit> topics) {
    return new LargestResult(new KafkaSettings("localhost:1", client), topics);
  }

  private static ProducerRecord<byte[], byte[]> record(byte[] value) {
    return new ProducerRecord<>(TOPIC, new byte[] {1}, value);
  }
}
